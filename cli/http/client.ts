import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { VERSION } from '../../src/version.ts';
import { CommandFailure, EXIT } from '../exit.ts';
import type { Connection } from '../settings/profile.ts';
import { type SignIn, signInWith } from './auth.ts';
import { errorBody, noAnswer, refusal } from './problems.ts';
import { type Attempt, nextWaitMs, retryAfterMs } from './retry.ts';

const TIMEOUT_MS = 30_000;

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface RequestOptions {
  readonly query?: Query | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Given to a POST that the server recognizes when it is repeated. */
  readonly idempotencyKey?: string;
  readonly signal?: AbortSignal | undefined;
  /** For a question that the server answers only when there is something to say. */
  readonly timeoutMs?: number;
}

/** The app's HTTP API, signed in. Every failure is a CommandFailure that says what to do. */
export interface Client {
  readonly connection: Connection;
  get<T>(path: string, answer: z.ZodType<T>, options?: RequestOptions): Promise<T>;
  post<T>(path: string, answer: z.ZodType<T>, options?: RequestOptions): Promise<T>;
  /** An answer that is not JSON of ours: HTML, a stream of events. Its status is < 400. */
  open(path: string, options?: RequestOptions): Promise<Response>;
}

export interface ClientOptions {
  /** Called before a wait: "did not answer, trying again in 2 s". */
  readonly onRetry?: (why: string) => void;
  readonly signIn?: SignIn;
}

export function createClient(connection: Connection, options: ClientOptions = {}): Client {
  const signIn = options.signIn ?? signInWith(connection.credentials);

  async function send(method: 'GET' | 'POST', path: string, request: RequestOptions): Promise<Response> {
    const url = urlOf(connection.endpoint, path, request.query);
    const repeatable = method === 'GET' || request.idempotencyKey !== undefined;
    const init = {
      method,
      headers: {
        accept: 'application/json',
        'user-agent': `haymaker/${VERSION}`,
        ...(request.idempotencyKey ? { 'idempotency-key': request.idempotencyKey } : {}),
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...request.headers,
        ...(await signIn()),
      },
      // A redirect would carry the key to a host that nobody has chosen.
      redirect: 'manual' as const,
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    };
    for (let attempt = 1; ; attempt += 1) {
      const answer = await once(url, init, request.signal, request.timeoutMs);
      if (!(answer instanceof Response)) request.signal?.throwIfAborted();
      const result = attemptOf(answer);
      const wait = repeatable ? nextWaitMs(attempt, result) : undefined;
      if (wait === undefined) {
        if (!(answer instanceof Response)) throw noAnswer(answer.error, connection);
        return answer;
      }
      options.onRetry?.(
        `${connection.endpoint} ${result.status ? `answered ${result.status}` : 'does not answer'}, trying again in ${Math.ceil(wait / 1_000)} s`,
      );
      if (answer instanceof Response) await answer.body?.cancel();
      await pause(wait, undefined, request.signal ? { signal: request.signal } : {});
    }
  }

  async function open(method: 'GET' | 'POST', path: string, request: RequestOptions): Promise<Response> {
    const response = await send(method, path, request);
    if (response.status < 300) return response;
    if (response.status < 400) throw redirected(response, connection);
    const body = errorBody(await response.text());
    if (response.status === 404 && !body) throw await stranger(connection, `${method} ${path}`);
    throw withWait(refusal(response.status, body, connection), response);
  }

  async function json<T>(
    method: 'GET' | 'POST',
    path: string,
    answer: z.ZodType<T>,
    request: RequestOptions,
  ): Promise<T> {
    const response = await open(method, path, request);
    return understood(answer, await response.text(), `${method} ${path}`, response, connection);
  }

  return {
    connection,
    get: (path, answer, request = {}) => json('GET', path, answer, request),
    post: (path, answer, request = {}) => json('POST', path, answer, request),
    open: (path, request = {}) => open('GET', path, request),
  };
}

function urlOf(endpoint: string, path: string, query: Query = {}): URL {
  const url = new URL(`${endpoint}${path}`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, String(value));
  }
  return url;
}

/** The answer, or what kept it from coming. The time limit is on the answer's beginning: streams last longer. */
async function once(
  url: URL,
  init: RequestInit,
  signal: AbortSignal | undefined,
  timeoutMs = TIMEOUT_MS,
): Promise<Response | { error: unknown }> {
  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(new DOMException('no answer', 'TimeoutError')), timeoutMs);
  try {
    return await fetch(url, {
      ...init,
      signal: signal ? AbortSignal.any([signal, timer.signal]) : timer.signal,
    });
  } catch (error) {
    return { error };
  } finally {
    clearTimeout(timeout);
  }
}

function attemptOf(answer: Response | { error: unknown }): Attempt {
  if (!(answer instanceof Response)) return { status: undefined };
  const wait = retryAfterMs(answer.headers.get('retry-after'), Date.now());
  return { status: answer.status, ...(wait === undefined ? {} : { retryAfterMs: wait }) };
}

function understood<T>(
  schema: z.ZodType<T>,
  text: string,
  what: string,
  response: Response,
  { endpoint, source }: Connection,
): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const type = response.headers.get('content-type')?.split(';')[0] ?? 'something';
    throw new CommandFailure(
      EXIT.unreachable,
      `${endpoint} answers ${what} with ${type}, not JSON. Is a login page or a proxy in front of it, or the endpoint wrong (${source})?`,
      { cause: error },
    );
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new CommandFailure(
    EXIT.failed,
    `The answer to ${what} is not as expected (${issue?.path.join('.') || 'body'}: ${issue?.message}). The app and this command ${VERSION} may be of different ages; update the older one.`,
  );
}

function redirected(response: Response, { endpoint, source }: Connection): CommandFailure {
  const to = response.headers.get('location') ?? 'elsewhere';
  return new CommandFailure(
    EXIT.unreachable,
    `${endpoint} redirects to ${to}. Redirects are not followed, so that the key stays here: correct the endpoint (${source}).`,
  );
}

function withWait(failure: CommandFailure, response: Response): CommandFailure {
  const wait = retryAfterMs(response.headers.get('retry-after'), Date.now());
  if (!wait) return failure;
  const words = `Try again in ${Math.ceil(wait / 1_000)} s.`;
  return new CommandFailure(failure.exitCode, `${failure.message} ${words}`);
}

const Health = z.object({ status: z.string(), version: z.string() });

/** A 404 that is not ours: an app that is older than this command, or no HayMaker at all. Its health says which. */
async function stranger({ endpoint, source }: Connection, what: string): Promise<CommandFailure> {
  const answer = await once(new URL(`${endpoint}/health`), { redirect: 'manual' }, undefined);
  const health = Health.safeParse(answer instanceof Response ? await answer.json().catch(() => null) : null);
  return health.success
    ? new CommandFailure(
        EXIT.failed,
        `HayMaker ${health.data.version} at ${endpoint} has no ${what}: it is older than this command (${VERSION}). Update the app.`,
      )
    : new CommandFailure(
        EXIT.unreachable,
        `There is no HayMaker at ${endpoint}: it answers, but not like one. Check the endpoint (${source}).`,
      );
}
