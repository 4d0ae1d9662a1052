/** 65_000 -> "1:05" */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** `text` in at most `width` columns; what is cut shows as an ellipsis. Control characters become spaces. */
export function clip(text: string, width: number): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
  if (clean.length <= width) return clean;
  return width <= 1 ? '' : `${clean.slice(0, width - 1)}…`;
}

/** "1 agent", "2 agents" */
export function count(n: number, thing: string): string {
  return `${n} ${thing}${n === 1 ? '' : 's'}`;
}
