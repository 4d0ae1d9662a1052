/**
 * Text of a server on one line: control characters become spaces, so that what an agent logged cannot move the cursor,
 * rename the window or clear the screen.
 */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g, ' ').trimEnd();
}

/** At most `width` characters; what is missing shows as an ellipsis at the end, or in the middle of an id. */
export function clip(text: string, width: number, where: 'end' | 'middle' = 'end'): string {
  if (text.length <= width) return text;
  if (width <= 1) return '…'.slice(0, Math.max(0, width));
  if (where === 'end') return `${text.slice(0, width - 1)}…`;
  const head = Math.floor((width - 1) / 2);
  return `${text.slice(0, head)}…${text.slice(text.length - (width - 1 - head))}`;
}

/** "1 agent", "2 agents" */
export function count(n: number, thing: string): string {
  return `${n} ${thing}${n === 1 ? '' : 's'}`;
}

/** 65_000 -> "1:05", 7_505_000 -> "2:05:05" */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const [hours, minutes] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60];
  const rest = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** "06:00:03", in UTC */
export function timeOfDay(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}
