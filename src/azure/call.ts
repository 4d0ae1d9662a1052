import type { PipelinePolicy } from '@azure/core-rest-pipeline';
import { Missing, Throttled, Unavailable } from '../domain/errors.ts';
import { fromAzure } from './errors.ts';
import { retryAfterSeconds } from './retryAfter.ts';

/** No call to Azure hangs longer than this. */
export const CALL_TIMEOUT_MS = 30_000;

/** Waits asked for by a service that are longer than this are the orchestrator's to make, not an activity's. */
export const LONGEST_WAIT_SECONDS = 5;

/**
 * Runs one call of an SDK client: gives it a signal that aborts after `timeoutMs`, does not wait for a client that
 * ignores the signal, and throws only the domain's errors. `doing` opens their messages.
 */
export async function azureCall<T>(
  doing: string,
  call: (abortSignal: AbortSignal) => Promise<T>,
  { justMade = false, timeoutMs = CALL_TIMEOUT_MS }: { justMade?: boolean; timeoutMs?: number } = {},
): Promise<T> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const timedOut = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      controller.abort();
      reject(
        new Unavailable(
          `${doing}: no answer within ${timeoutMs / 1_000} s. Check the network, then try again.`,
        ),
      );
    }, timeoutMs);
  });
  try {
    return await Promise.race([call(controller.signal), timedOut]);
  } catch (error) {
    throw fromAzure(error, doing, { justMade });
  } finally {
    clearTimeout(timer);
  }
}

/** What `found` resolves to, or undefined when the thing does not exist. */
export async function orUndefined<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof Missing) return undefined;
    throw error;
  }
}

/** Every item of a paged list. */
export async function collect<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

/** Gives up at once when a service asks for a long wait; the SDKs' own policy would sleep through the activity. */
export const impatience: PipelinePolicy = {
  name: 'haymakerImpatience',
  async sendRequest(request, next) {
    const response = await next(request);
    const seconds = retryAfterSeconds(response.headers) ?? 0;
    if (seconds <= LONGEST_WAIT_SECONDS || (response.status !== 429 && response.status !== 503))
      return response;
    const { hostname } = new URL(request.url);
    const message = `${hostname} answered ${response.status} and asks to wait ${seconds} s. Try again later.`;
    throw response.status === 429 ? new Throttled(message, seconds) : new Unavailable(message);
  },
};

/** Options of every client built on core-rest-pipeline: few and short retries, for an activity is bounded to a minute. */
export const clientOptions = {
  retryOptions: { maxRetries: 2, retryDelayInMs: 500, maxRetryDelayInMs: 4_000 },
  additionalPolicies: [{ policy: impatience, position: 'perRetry' as const }],
  userAgentOptions: { userAgentPrefix: 'azure-haymaker' },
};
