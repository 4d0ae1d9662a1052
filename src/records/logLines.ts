export const NEWLINE = 0x0a;

/** A place in an agent's log: a byte of one of the blobs that it is made of. */
export interface Position {
  readonly part: number;
  readonly offset: number;
}

/** A line without its newline, and the position after it. */
export interface Line {
  readonly text: string;
  readonly end: Position;
}

/** The whole lines in `bytes`, which begin at a line at `from`. What follows the last newline is not a line yet. */
export function linesBetween(bytes: Buffer, from: Position): Line[] {
  const lines: Line[] = [];
  let begin = 0;
  for (;;) {
    const newline = bytes.indexOf(NEWLINE, begin);
    if (newline < 0) return lines;
    const end = { part: from.part, offset: from.offset + newline + 1 };
    if (newline > begin) lines.push({ text: bytes.toString('utf8', begin, newline), end });
    begin = newline + 1;
  }
}
