/** HTTP headers as fetch and the Azure pipelines both have them. */
export interface HeaderReader {
  get(name: string): string | null | undefined;
}

/**
 * Seconds that a service asks us to wait, rounded up: `retry-after-ms`, `Retry-After` (seconds or an HTTP date), or
 * Resource Graph's `x-ms-user-quota-resets-after` (hh:mm:ss). Undefined when it does not say.
 */
export function retryAfterSeconds(headers: unknown, now = Date.now()): number | undefined {
  if (!isHeaderReader(headers)) return undefined;
  const milliseconds = Number(headers.get('retry-after-ms') || Number.NaN);
  if (milliseconds >= 0) return Math.ceil(milliseconds / 1_000);
  const text = headers.get('retry-after');
  if (text) {
    const seconds = Number(text);
    if (seconds >= 0) return Math.ceil(seconds);
    const date = Date.parse(text);
    if (!Number.isNaN(date)) return Math.max(0, Math.ceil((date - now) / 1_000));
  }
  return clockSeconds(headers.get('x-ms-user-quota-resets-after'));
}

/** Seconds of a hh:mm:ss span; undefined when it is not one. */
export function clockSeconds(text: string | null | undefined): number | undefined {
  const match = /^(\d+):(\d{2}):(\d{2})/.exec(text ?? '');
  if (!match) return undefined;
  const [hours, minutes, seconds] = match.slice(1).map(Number);
  return (hours ?? 0) * 3_600 + (minutes ?? 0) * 60 + (seconds ?? 0);
}

function isHeaderReader(value: unknown): value is HeaderReader {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'get') === 'function';
}
