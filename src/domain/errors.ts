/**
 * The closed family of failures that the domain tells apart. Adapters in azure/ turn every raw SDK error into one of
 * these; a caller decides by class, never by message text.
 */
export abstract class HaymakerError extends Error {
  override readonly name: string = this.constructor.name;
}

/** A setting is missing or wrong. The message names the setting, what is wrong with it and an example. */
export class SettingError extends HaymakerError {}

/** The thing asked for does not exist (HTTP 404). On a delete this is success. */
export class Missing extends HaymakerError {}

/** Azure has accepted something that cannot be seen everywhere yet (replication, propagation). Try again later. */
export class NotReadyYet extends HaymakerError {
  readonly retryAfterSeconds: number;
  constructor(message: string, retryAfterSeconds = 2, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Azure asked us to slow down (HTTP 429). `retryAfterSeconds` is what it asked for, or a guess when it did not say. */
export class Throttled extends HaymakerError {
  readonly retryAfterSeconds: number;
  constructor(message: string, retryAfterSeconds = 5, options?: ErrorOptions) {
    super(message, options);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** Our identity may not do this (HTTP 401, 403). Never worth a retry within seconds, except while a role propagates. */
export class Denied extends HaymakerError {}

/** Something holds the thing: a lock, a dependency, a conflict with another operation (HTTP 409, 412). */
export class Blocked extends HaymakerError {
  readonly code: string;
  constructor(message: string, code: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The service did not answer, or answered with 5xx, after the SDK's own retries. */
export class Unavailable extends HaymakerError {}

/** The request was wrong and will stay wrong (HTTP 400 and everything else). */
export class Rejected extends HaymakerError {}

/** Anything that was thrown, as an Error. */
export function ensureError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
}

/** True for failures that a later try may not have: throttling, replication, an unreachable service. */
export function isTransient(error: unknown): error is NotReadyYet | Throttled | Unavailable {
  return error instanceof NotReadyYet || error instanceof Throttled || error instanceof Unavailable;
}
