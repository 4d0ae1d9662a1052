import { cleaned } from '../../src/view/clean.ts';
import { credential } from './session.ts';

const PATIENCE_MS = 30_000;

/** The server answered, and said no. `status` 0: it did not answer at all. */
export class ApiFailure extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
  /** The key or token is missing, wrong, or has run out. */
  get isSignIn(): boolean {
    return this.status === 401;
  }
}

type Listener = (failure: ApiFailure) => void;
const listeners = new Set<Listener>();

/** Calls back whenever the server refuses the credential; returns how to stop that. */
export function onRefused(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** GET of a path such as /api/v1/runs. The answer is fit to be shown: see cleaned(). Throws ApiFailure. */
export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const response = await ask(path, { ...(signal ? { signal } : {}) });
  return cleaned((await response.json()) as T);
}

/** The same, as it came: for what is hashed. */
export async function getExact(path: string, signal?: AbortSignal): Promise<unknown> {
  return (await ask(path, { ...(signal ? { signal } : {}) })).json();
}

/** POST with a JSON body. Throws ApiFailure. */
export async function post<T>(path: string, body: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const response = await ask(path, { method: 'POST', headers, body: JSON.stringify(body) });
  return cleaned((await response.json()) as T);
}

/** A request with the credential in its headers. Throws ApiFailure for every answer from 400 on, and for none. */
export async function ask(
  path: string,
  { patienceMs = PATIENCE_MS, signal, headers, ...init }: RequestInit & { patienceMs?: number } = {},
): Promise<Response> {
  const limit = AbortSignal.timeout(patienceMs);
  let response: Response;
  try {
    response = await fetch(path, {
      ...init,
      headers: { accept: 'application/json', ...proof(), ...(headers as Record<string, string> | undefined) },
      credentials: 'omit',
      redirect: 'error',
      cache: 'no-store',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiFailure(0, 'UNREACHABLE', 'The server does not answer.');
  }
  if (response.ok) return response;
  const failure = await failureOf(response);
  if (failure.isSignIn) for (const listener of listeners) listener(failure);
  throw failure;
}

function proof(): Record<string, string> {
  const given = credential();
  if (!given) return {};
  return given.kind === 'key'
    ? { 'x-functions-key': given.value }
    : { authorization: `Bearer ${given.value}` };
}

async function failureOf(response: Response): Promise<ApiFailure> {
  // The platform that refuses a key says nothing.
  const fallback =
    response.status === 401
      ? `The server does not know this ${credential()?.kind ?? 'key'}.`
      : `The server answered ${response.status}.`;
  try {
    const { error } = cleaned((await response.json()) as { error: { code: string; message: string } });
    return new ApiFailure(response.status, String(error.code), String(error.message));
  } catch {
    return new ApiFailure(response.status, `HTTP_${response.status}`, fallback);
  }
}
