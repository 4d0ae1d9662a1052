/** A command line taken apart, or why it is not one simple command. */
export type WordsResult =
  | { readonly ok: true; readonly words: readonly string[] }
  | { readonly ok: false; readonly reason: string };

const LONGEST_COMMAND = 4_000;
const OPERATORS = new Map([
  [';', 'a second command'],
  ['&', 'a background command or a second one'],
  ['|', 'a pipe'],
  ['<', 'a redirection'],
  ['>', 'a redirection'],
  ['(', 'a subshell'],
  [')', 'a subshell'],
  ['{', 'a group of commands or an expansion'],
  ['}', 'a group of commands or an expansion'],
  ['`', 'a command substitution'],
  ['*', 'a pattern of file names'],
  ['?', 'a pattern of file names'],
  ['[', 'a pattern of file names'],
  [']', 'a pattern of file names'],
  ['!', 'a history expansion or a negation'],
  ['#', 'a comment'],
  ['~', 'a home folder'],
  ['^', 'a history substitution'],
  ['\\', 'an escape'],
]);

/** Thrown and caught in this file only. */
class Refusal extends Error {}

/**
 * Takes one simple command apart as a shell would, and refuses everything with which a shell could do more than that:
 * operators, substitutions, redirections, patterns, escapes, variables other than the `given` ones. Those are filled in
 * here; unquoted they are split at spaces. Nothing of the result needs, or gets, a shell.
 */
export function splitCommand(text: string, given: Readonly<Record<string, string>>): WordsResult {
  try {
    return { ok: true, words: new Splitter(text, given).split() };
  } catch (error) {
    if (error instanceof Refusal) return { ok: false, reason: error.message };
    throw error;
  }
}

class Splitter {
  private readonly text: string;
  private readonly given: Readonly<Record<string, string>>;
  private readonly words: string[] = [];
  /** undefined between words; an empty string after an empty pair of quotes. */
  private word: string | undefined;
  private at = 0;

  constructor(text: string, given: Readonly<Record<string, string>>) {
    this.text = text.trim().replace(/[ \t]+\\\r?\n[ \t]*/g, ' ');
    this.given = given;
  }

  split(): string[] {
    if (this.text.length > LONGEST_COMMAND)
      throw new Refusal(`it is longer than ${LONGEST_COMMAND} characters`);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
    if (/[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u2028\u2029]/.test(this.text)) {
      throw new Refusal('it has more than one line, or control characters');
    }
    while (this.at < this.text.length) {
      const char = this.text[this.at] ?? '';
      if (char === ' ' || char === '\t') this.endWord();
      else if (char === "'") this.single();
      else if (char === '"') this.double();
      else if (char === '$') this.variable(false);
      else this.plain(char);
      this.at += 1;
    }
    this.endWord();
    return this.words;
  }

  private plain(char: string): void {
    const operator = OPERATORS.get(char);
    if (operator) throw new Refusal(`the unquoted character ${char} begins ${operator}`);
    this.add(char);
  }

  private single(): void {
    const end = this.text.indexOf("'", this.at + 1);
    if (end === -1) throw new Refusal('a single quote is not closed');
    this.add(this.text.slice(this.at + 1, end));
    this.at = end;
  }

  private double(): void {
    this.add('');
    this.at += 1;
    for (;;) {
      const char = this.text[this.at];
      if (char === undefined) throw new Refusal('a double quote is not closed');
      if (char === '"') return;
      if (char === '`' || char === '!') throw new Refusal(`${char} has a meaning inside double quotes`);
      if (char === '\\') {
        const next = this.text[this.at + 1] ?? '';
        if (next !== '"' && next !== '\\') throw new Refusal('an escape other than \\" or \\\\');
        this.add(next);
        this.at += 1;
      } else if (char === '$') this.variable(true);
      else this.add(char);
      this.at += 1;
    }
  }

  /** At a dollar sign; ends on the last character of the variable. */
  private variable(quoted: boolean): void {
    const match = /^\$(?:([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})/.exec(this.text.slice(this.at));
    const name = match?.[1] ?? match?.[2];
    if (!match || !name) throw new Refusal('a substitution or an expansion that is more than a variable');
    const value = Object.hasOwn(this.given, name) ? this.given[name] : undefined;
    if (value === undefined) throw new Refusal(`the variable $${name} is not given`);
    this.at += match[0].length - 1;
    if (quoted) {
      this.add(value);
      return;
    }
    const parts = value.split(' ').filter((part) => part !== '');
    for (const [index, part] of parts.entries()) {
      if (index > 0) this.endWord();
      this.add(part);
    }
  }

  private add(text: string): void {
    this.word = (this.word ?? '') + text;
  }

  private endWord(): void {
    if (this.word !== undefined) this.words.push(this.word);
    this.word = undefined;
  }
}
