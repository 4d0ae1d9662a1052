const PATTERN = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/;

/** Seconds of an ISO 8601 duration made of days, hours, minutes and seconds; undefined when it is not one. */
export function durationSeconds(text: string): number | undefined {
  const match = PATTERN.exec(text);
  if (!match || text === 'P' || text.endsWith('T')) return undefined;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return (days ?? 0) * 86_400 + (hours ?? 0) * 3_600 + (minutes ?? 0) * 60 + (seconds ?? 0);
}

/** `instant` (ISO) plus seconds, as ISO. */
export function addSeconds(instant: string | Date, seconds: number): string {
  return new Date(new Date(instant).getTime() + seconds * 1_000).toISOString();
}
