/** A piece of a word: what is written, or what the shell puts there. */
export type WordPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string; readonly quoted: boolean }
  | {
      readonly kind: 'output';
      readonly quoted: boolean;
      /** The commands of `$( … )`; none for arithmetic. */
      readonly commands: readonly ShellCommand[];
    };

export interface ShellWord {
  readonly parts: readonly WordPart[];
  /** The line on which the word begins, counted from 1 within the script. */
  readonly line: number;
}

/** A simple command: assignments before it, its words, and what becomes of its output. */
export interface ShellCommand {
  readonly line: number;
  readonly assignments: readonly { readonly name: string; readonly value: ShellWord }[];
  readonly words: readonly ShellWord[];
  /** True when the output is the value of `$( … )`, goes into a file or into another command. */
  readonly captured: boolean;
}

const KEYWORDS = new Set([
  ...['if', 'then', 'else', 'elif', 'fi', 'while', 'until', 'do', 'done', '!', '{', '}', 'time'],
]);
const ASSIGNMENT = /^([A-Za-z_]\w*)\+?=/;
const NAME = /^[A-Za-z_]\w*/;
const HEREDOC = /^<<(-?)[ \t]*(?:'([^']+)'|"([^"]+)"|\\?([\w.-]+))/;

/**
 * The simple commands of a bash script in the order in which they are written, those inside `$( … )` before the command
 * that uses their output. Pipes, lists, loops and conditions are flattened; a loop is the command `for NAME in WORDS`.
 * It reads what scenarios are written in, not all of bash: no backquotes, no `case`, no functions.
 */
export function shellCommands(script: string): ShellCommand[] {
  const reader = new Reader(script);
  reader.list(undefined, false);
  return reader.commands;
}

/** The commands and those inside the substitutions of their words, flat. */
class Reader {
  readonly commands: ShellCommand[] = [];
  private readonly text: string;
  private at = 0;
  /** Where the commands of each open `{` begin. */
  private readonly braces: number[] = [];
  private heredocs: { delimiter: string; literal: boolean }[] = [];

  constructor(text: string) {
    this.text = text;
  }

  /** Reads commands up to `closer` or the end of the text; the closer is consumed. */
  list(closer: ')' | undefined, captured: boolean): ShellCommand[] {
    const begin = this.commands.length;
    let last = begin;
    while (this.at < this.text.length) {
      last = this.commands.length;
      const command = this.simpleCommand(captured);
      if (command) this.commands.push(command);
      const char = this.text[this.at];
      if (char === undefined) break;
      if (char === closer) {
        this.at += 1;
        break;
      }
      if (char === '(') {
        this.at += 1;
        this.list(')', captured);
        continue;
      }
      // What stands before a pipe gives its output to the next command.
      if (this.isPipe()) capture(this.commands, last);
      this.at += /^(\|\||&&)/.test(this.text.slice(this.at, this.at + 2)) ? 2 : 1;
      if (char === '\n') this.skipHeredocs();
    }
    return this.commands.slice(begin);
  }

  private simpleCommand(captured: boolean): ShellCommand | undefined {
    const assignments: { name: string; value: ShellWord }[] = [];
    const words: ShellWord[] = [];
    let redirected = false;
    let closed: number | undefined;
    let line: number | undefined;
    for (;;) {
      this.blanks();
      const char = this.text[this.at];
      if (char === undefined || '\n;|&()'.includes(char)) break;
      if (char === '#') {
        this.at = this.lineEnd();
        continue;
      }
      if (/^\d?[<>]/.test(this.text.slice(this.at, this.at + 2))) {
        if (this.redirection()) redirected = true;
        continue;
      }
      line ??= this.line();
      const word = this.word();
      const first = word.parts[0];
      const text = first?.kind === 'text' ? first.text : '';
      if (words.length === 0 && word.parts.length === 1 && KEYWORDS.has(text)) {
        if (text === '{') this.braces.push(this.commands.length);
        if (text === '}') closed = this.braces.pop();
        continue;
      }
      const assigned = words.length === 0 ? ASSIGNMENT.exec(text) : null;
      if (!assigned) words.push(word);
      else {
        const rest = text.slice(assigned[0].length);
        const parts = [
          ...(rest === '' ? [] : [{ kind: 'text' as const, text: rest }]),
          ...word.parts.slice(1),
        ];
        assignments.push({ name: assigned[1] ?? '', value: { ...word, parts } });
        // An array's elements: breads=(rye spelt)
        if (parts.length === 0 && this.text[this.at] === '(') this.skipPast(')');
      }
    }
    if (closed !== undefined && (redirected || this.isPipe())) capture(this.commands, closed);
    if (words.length === 0 && assignments.length === 0) return undefined;
    return { line: line ?? this.line(), assignments, words, captured: captured || redirected };
  }

  private isPipe(): boolean {
    return this.text[this.at] === '|' && this.text[this.at + 1] !== '|';
  }

  private word(): ShellWord {
    const parts: WordPart[] = [];
    const line = this.line();
    let text = '';
    const flush = () => {
      if (text !== '') parts.push({ kind: 'text', text });
      text = '';
    };
    const add = (part: WordPart | string) => {
      if (typeof part === 'string') text += part;
      else {
        flush();
        parts.push(part);
      }
    };
    while (this.at < this.text.length) {
      const char = this.text[this.at] ?? '';
      if (/[\s;|&()<>]/.test(char)) break;
      if (char === "'") {
        const end = this.text.indexOf("'", this.at + 1);
        add(this.text.slice(this.at + 1, end === -1 ? undefined : end));
        this.at = end === -1 ? this.text.length : end + 1;
      } else if (char === '"') this.doubleQuoted(add);
      else if (char === '\\') {
        add(this.text[this.at + 1] ?? '');
        this.at += 2;
      } else if (char === '$') add(this.expansion(false));
      else {
        add(char);
        this.at += 1;
      }
    }
    flush();
    // An empty string in quotes is a word too.
    return { parts: parts.length === 0 ? [{ kind: 'text', text: '' }] : parts, line };
  }

  private doubleQuoted(add: (part: WordPart | string) => void): void {
    this.at += 1;
    while (this.at < this.text.length) {
      const char = this.text[this.at] ?? '';
      if (char === '"') {
        this.at += 1;
        return;
      }
      if (char === '\\') {
        const next = this.text[this.at + 1] ?? '';
        if (next !== '\n') add('"\\$`'.includes(next) ? next : `\\${next}`);
        this.at += 2;
      } else if (char === '$') add(this.expansion(true));
      else {
        add(char);
        this.at += 1;
      }
    }
  }

  /** At a dollar sign. */
  private expansion(quoted: boolean): WordPart | string {
    const rest = this.text.slice(this.at + 1, this.at + 130);
    if (rest.startsWith('((')) {
      this.skipPast('))');
      return { kind: 'output', quoted, commands: [] };
    }
    if (rest.startsWith('(')) {
      this.at += 2;
      return { kind: 'output', quoted, commands: this.list(')', true) };
    }
    if (rest.startsWith('{')) {
      const name = NAME.exec(rest.slice(1).replace(/^[#!]/, ''))?.[0] ?? '';
      this.skipPast('}');
      return { kind: 'variable', name, quoted };
    }
    const name = NAME.exec(rest)?.[0] ?? (/^[?#@*$!0-9]/.test(rest) ? (rest[0] ?? '') : '');
    this.at += 1 + name.length;
    return name === '' ? '$' : { kind: 'variable', name, quoted };
  }

  /** Returns whether standard output is sent somewhere. */
  private redirection(): boolean {
    const heredoc = HEREDOC.exec(this.text.slice(this.at, this.at + 130));
    if (heredoc && !this.text.startsWith('<<<', this.at)) {
      const [whole, , single, double, bare] = heredoc;
      this.heredocs.push({
        delimiter: single ?? double ?? bare ?? '',
        literal: bare === undefined,
      });
      this.at += whole.length;
      return false;
    }
    const operator = /^(\d?)(<<<|<|>>|>)(&?)/.exec(this.text.slice(this.at, this.at + 8));
    this.at += operator?.[0].length ?? 1;
    this.blanks();
    this.word();
    return (operator?.[2] ?? '').startsWith('>') && operator?.[1] !== '2' && operator?.[3] === '';
  }

  /** After the end of a line: reads the here documents that it announced; their substitutions are commands. */
  private skipHeredocs(): void {
    const waiting = this.heredocs;
    this.heredocs = [];
    for (const { delimiter, literal } of waiting) {
      while (this.at < this.text.length) {
        const end = this.lineEnd();
        const isEnd = this.text.slice(this.at, end).trim() === delimiter;
        if (!isEnd && !literal) this.heredocLine(end);
        this.at = Math.max(this.at, end) + 1;
        if (isEnd) break;
      }
    }
  }

  private heredocLine(end: number): void {
    while (this.at < end) {
      const char = this.text[this.at];
      if (char === '\\') this.at += 2;
      else if (char === '$') this.expansion(true);
      else this.at += 1;
    }
  }

  private skipPast(closer: string): void {
    const end = this.text.indexOf(closer, this.at);
    this.at = end === -1 ? this.text.length : end + closer.length;
  }

  private blanks(): void {
    for (;;) {
      const char = this.text[this.at];
      if (char === ' ' || char === '\t') this.at += 1;
      else if (char === '\\' && this.text[this.at + 1] === '\n') this.at += 2;
      else return;
    }
  }

  private line(): number {
    return this.text.slice(0, this.at).split('\n').length;
  }

  private lineEnd(): number {
    const end = this.text.indexOf('\n', this.at);
    return end === -1 ? this.text.length : end;
  }
}

/** Their output is caught: the commands from `start` on. */
function capture(commands: ShellCommand[], start: number): void {
  for (let index = start; index < commands.length; index += 1) {
    const command = commands[index];
    if (command) commands[index] = { ...command, captured: true };
  }
}
