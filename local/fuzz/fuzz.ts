import fc from 'fast-check';
import pLimit from 'p-limit';
import { ensureError } from '../../src/domain/errors.ts';
import { createJudge } from './answers.ts';
import { routesOf } from './document.ts';
import { type FuzzRequest, requestsTo } from './requests.ts';
import { send } from './send.ts';

const CONCURRENCY = 16;
const BATCH = 250;
const SHOWN = 20;

export interface FuzzOptions {
  readonly url: string;
  readonly seed: number;
  /** Ends after so many requests, or after `maxMs`. */
  readonly requests: number;
  readonly maxMs?: number;
  /** Ids and cursors that exist, so that requests lead into the app. */
  readonly known: readonly string[];
  readonly onProgress?: (done: number) => void;
}

export interface FuzzResult {
  readonly requests: number;
  /** Answers with a status of 500 and more, and requests without an answer. */
  readonly serverErrors: number;
  /** Answers that are not what openapi.json says. */
  readonly schemaBreaks: number;
  readonly routes: number;
  readonly seed: number;
  /** How often each status came. */
  readonly statuses: Readonly<Record<string, number>>;
  /** The first of what went wrong, with the request that repeats it. */
  readonly examples: readonly string[];
}

/** Sends generated requests to every route of the host's own openapi.json and holds the answers against it. */
export async function fuzzApi(options: FuzzOptions): Promise<FuzzResult> {
  const { url, seed, known } = options;
  const document: unknown = await (await fetch(`${url}/api/v1/openapi.json`)).json();
  const routes = routesOf(document);
  const judge = createJudge(routes);
  const arbitrary = requestsTo(routes, known);
  const limit = pLimit(CONCURRENCY);
  const deadline = Date.now() + (options.maxMs ?? Number.POSITIVE_INFINITY);
  const statuses: Record<string, number> = {};
  const examples: string[] = [];
  let done = 0;
  let serverErrors = 0;
  let schemaBreaks = 0;

  const one = async (request: FuzzRequest): Promise<void> => {
    const answer = await send(url, request).catch((thrown: unknown) => ensureError(thrown));
    const status = answer instanceof Error ? 'none' : String(answer.status);
    statuses[status] = (statuses[status] ?? 0) + 1;
    const failed = answer instanceof Error || answer.status >= 500;
    const complaint = answer instanceof Error ? answer.message : judge(request, answer);
    if (failed) serverErrors += 1;
    else if (complaint) schemaBreaks += 1;
    if ((failed || complaint) && examples.length < SHOWN) {
      const text = answer instanceof Error ? '' : answer.text.slice(0, 300);
      examples.push(`${curl(request)}\n  ${status}: ${complaint ?? ''}\n  ${text}`);
    }
  };

  for (let batch = 0; done < options.requests && Date.now() < deadline; batch += 1) {
    const size = Math.min(BATCH, options.requests - done);
    const requests = fc.sample(arbitrary, { seed: seed + batch, numRuns: size });
    await Promise.all(requests.map((request) => limit(() => one(request))));
    done += size;
    options.onProgress?.(done);
  }
  return { requests: done, serverErrors, schemaBreaks, routes: routes.length, seed, statuses, examples };
}

function curl({ route, target, headers, body }: FuzzRequest): string {
  const given = Object.entries(headers).map(([name, value]) => `${name}: ${value}`.slice(0, 120));
  const text = body ? ` ${JSON.stringify(body.toString('utf8').slice(0, 200))}` : '';
  return `${route.method} ${target.slice(0, 300)} [${given.join(', ')}]${text}`;
}
