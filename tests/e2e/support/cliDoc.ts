/** A command of docs/cli.md with what it printed there. */
export interface Example {
  /** As in the document, without `$ `. */
  readonly command: string;
  readonly output: string;
  readonly line: number;
}

/** The commands of the document's console blocks, in order: a line that begins with `$ `, and the lines until the next. */
export function examplesIn(markdown: string): Example[] {
  const examples: { command: string; output: string[]; line: number }[] = [];
  let inBlock = false;
  markdown.split('\n').forEach((text, index) => {
    if (text.startsWith('```')) inBlock = text === '```console';
    else if (inBlock && text.startsWith('$ ')) {
      examples.push({ command: text.slice(2), output: [], line: index + 1 });
    } else if (inBlock) examples.at(-1)?.output.push(text);
  });
  return examples.map(({ output, ...rest }) => ({ ...rest, output: output.join('\n').trim() }));
}

const ID = /exec-\d{8}-[0-9a-f]{8}|clean-\d{8}-[0-9a-f]{8}|\bhm-[0-9a-f]{8}(?=-)/g;

/** The ids of runs and clean-ups, and the keys of agents, in the order in which they first come. */
export function idsIn(text: string): string[] {
  return [...new Set(text.match(ID) ?? [])];
}

const NORMAL: readonly (readonly [RegExp, string])[] = [
  [ID, '<id>'],
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+Z?)?/g, '<time>'],
  [/\b\d\d:\d\d(:\d\d)?\b/g, '<clock>'],
  [/\b\d+ (ms|s|min|h|days)\b( \d+ min)?/g, '<span>'],
  [/-[0-9a-f]{7}-0\b/g, '-<replica>'],
  [/(?<![\w.:-])\d+(?![\w.:-]|%| %)/g, '<n>'],
  [/[ \t]+/g, ' '],
];

/**
 * Text without what differs from run to run: ids, times, spans, how many of something; and without the padding that follows
 * from them.
 */
export function normalized(text: string): string {
  return `${NORMAL.reduce((so, [pattern, word]) => so.replace(pattern, word), text).trim()}\n`;
}

/** Matches normalized text that is the documented output; a line `…` there stands for any lines, or none. */
export function matcherOf(documented: string): RegExp {
  const lines = normalized(documented)
    .trimEnd()
    .split('\n')
    .map((line) => (line === '…' ? '(?:.*\\n)*?' : `${line.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\n`));
  return new RegExp(`^${lines.join('')}$`);
}
