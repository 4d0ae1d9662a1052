import { CommandFailure, EXIT, type ExitCode } from '../exit.ts';
import type { Connection } from '../settings/profile.ts';

/** What an answer said was wrong: {"error":{code,message,details,trace_id}}. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly traceId?: string;
}

/** The error in the body of an answer; undefined when it is not one of the app's. */
export function errorBody(text: string): ErrorBody | undefined {
  const error: unknown = parse(text)?.error;
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, message, trace_id: traceId } = { code: '', message: '', trace_id: undefined, ...error };
  if (typeof code !== 'string' || typeof message !== 'string' || !message) return undefined;
  return { code, message, ...(typeof traceId === 'string' ? { traceId } : {}) };
}

function parse(text: string): { error?: unknown } | undefined {
  try {
    return Object(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The failure that an answer with status >= 400 is, in a sentence that says what to do. */
export function refusal(status: number, body: ErrorBody | undefined, to: Connection): CommandFailure {
  const said = body
    ? `${body.message}${body.traceId && status >= 500 ? ` (trace ${body.traceId})` : ''}`
    : '';
  switch (status) {
    case 401:
      return new CommandFailure(EXIT.refused, unauthorized(to, said));
    case 403:
      return new CommandFailure(
        EXIT.refused,
        said ||
          `${to.endpoint} does not let you do this (403). Ask for the app role HayMaker.Operator, or HayMaker.Reader to look.`,
      );
    default:
      return new CommandFailure(
        exitCodeOf(status),
        said || `${to.endpoint} answered ${status} without a reason.`,
      );
  }
}

function unauthorized(to: Connection, said: string): string {
  const { endpoint, credentials, source } = to;
  switch (credentials.type) {
    case 'api_key':
      return `${endpoint} does not accept the key of ${source} (401). Set the right one: haymaker config set api-key, or HAYMAKER_API_KEY.`;
    case 'azure_ad':
      return `${endpoint} does not accept the token for ${credentials.audience} (401). Check that audience is the app's API_AUDIENCE.${said ? ` It says: ${said}` : ''}`;
    case 'none':
      return `${endpoint} wants to know who you are (401). Set a key: haymaker config set api-key, or HAYMAKER_API_KEY (with Entra: haymaker config set audience api://<app>).`;
  }
}

function exitCodeOf(status: number): ExitCode {
  if (status === 400 || status === 413 || status === 415) return EXIT.usage;
  if (status === 404 || status === 410) return EXIT.notFound;
  if (status < 500) return EXIT.refused;
  return status === 500 ? EXIT.failed : EXIT.unreachable;
}

/** The failure that a request without an answer is: by the code of what fetch threw. */
export function noAnswer(error: unknown, { endpoint, source }: Connection): CommandFailure {
  const code = codeOf(error);
  const { hostname } = new URL(endpoint);
  const options = { cause: error };
  const unreachable = (text: string) => new CommandFailure(EXIT.unreachable, text, options);
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return unreachable(
      `There is no host ${hostname}. Check the endpoint (${source}): haymaker config get endpoint`,
    );
  if (code === 'ECONNREFUSED')
    return unreachable(
      `Nothing listens at ${endpoint}. Is the app started (locally: npm run dev), and the endpoint right (${source})?`,
    );
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code))
    return unreachable(
      `The certificate of ${hostname} is not trusted (${code}). If it is your own, name its authority in NODE_EXTRA_CA_CERTS.`,
    );
  if (code === 'TimeoutError')
    return unreachable(`${endpoint} did not answer in time. Try again; an idle app takes a while to start.`);
  return unreachable(
    `${endpoint} is not reachable${code ? ` (${code})` : ''}. Check the network and the endpoint (${source}).`,
  );
}

/** The name or code of the innermost cause that has one: fetch hides it. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const inner = codeOf(error.cause);
  if (inner) return inner;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error.name === 'TypeError' || error.name === 'Error' ? '' : error.name;
}
