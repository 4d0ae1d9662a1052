import { Rejected } from '../domain/errors.ts';

/**
 * Packs lines, each ended by a newline, into as few blocks of at most `maxBytes` as their order allows. Rejected for a
 * line that is longer than a block or holds a newline itself: it would come back as something else.
 */
export function chunkLines(lines: readonly string[], maxBytes: number): string[] {
  const blocks: string[] = [];
  let block = '';
  let blockBytes = 0;
  for (const line of lines) {
    if (line.includes('\n')) throw new Rejected('A line must not contain a newline. Write it as JSON.');
    const text = `${line}\n`;
    const bytes = Buffer.byteLength(text);
    if (bytes > maxBytes)
      throw new Rejected(`A line of ${bytes} bytes is longer than ${maxBytes}. Shorten it.`);
    if (blockBytes + bytes > maxBytes) {
      blocks.push(block);
      block = '';
      blockBytes = 0;
    }
    block += text;
    blockBytes += bytes;
  }
  if (block) blocks.push(block);
  return blocks;
}
