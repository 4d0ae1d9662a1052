/** A variable that a script expands without a default. `line` counts from 1 within the script. */
export interface VariableUse {
  readonly name: string;
  readonly line: number;
}

export interface ShellVariables {
  readonly used: readonly VariableUse[];
  readonly set: ReadonlySet<string>;
}

const NAME = /^[A-Za-z_]\w*/;
const HEREDOC = /^<<(-?)[ \t]*(?:'([^']+)'|"([^"]+)"|\\?([\w.-]+))/;

/**
 * Ways in which bash gives a variable a value, looked for in code from which strings and comments are blanked. Assignments
 * come in rows (`a=1 b=2`) where a command may begin.
 */
const ASSIGNMENT_ROW =
  /(?:^|[;&|({]|\b(?:then|do|else|export|local|readonly|declare(?: +-\w+)*)\b)\s*((?:[A-Za-z_]\w*(?:\[[^\]]*\])?\+?=\S*[ \t]*)+)/gm;
const ASSIGNED_NAME = /(?:^|\s)([A-Za-z_]\w*)(?:\[[^\]]*\])?\+?=/g;
const NAMED = [/\bfor\s+([A-Za-z_]\w*)\b/g, /\bprintf\s+-v\s+([A-Za-z_]\w*)/g];
const READERS = /\b(?:read|mapfile|readarray)((?:[ \t]+-\w+)*(?:[ \t]+[A-Za-z_]\w*)+)/g;

/**
 * Finds the variables that a bash script uses and those that it sets. It knows quotes, comments, here documents, command
 * substitution and defaults (`${X:-y}` needs no X); bare names in arithmetic are not counted. It is a check for documents,
 * not a shell: `bash -n` decides about syntax.
 */
export function shellVariables(script: string): ShellVariables {
  const scanner = new Scanner(script);
  scanner.code(0, undefined);
  return { used: scanner.used, set: assigned(scanner.codeOnly.join('')) };
}

function assigned(code: string): Set<string> {
  const names = new Set<string>();
  for (const row of code.matchAll(ASSIGNMENT_ROW)) {
    for (const match of (row[1] ?? '').matchAll(ASSIGNED_NAME)) names.add(match[1] ?? '');
  }
  for (const pattern of NAMED) for (const match of code.matchAll(pattern)) names.add(match[1] ?? '');
  for (const match of code.matchAll(READERS)) {
    for (const word of (match[1] ?? '').trim().split(/\s+/)) if (!word.startsWith('-')) names.add(word);
  }
  return names;
}

class Scanner {
  readonly used: VariableUse[] = [];
  /** The script with everything blanked that is not code, position for position. */
  readonly codeOnly: string[];
  private readonly text: string;
  private heredocs: { delimiter: string; literal: boolean; stripTabs: boolean }[] = [];

  constructor(text: string) {
    this.text = text;
    this.codeOnly = Array.from({ length: text.length }, (_, at) => (text[at] === '\n' ? '\n' : ' '));
  }

  /** Reads commands from `at` up to the closing parenthesis of a substitution, or to the end. Returns what follows. */
  code(at: number, closer: ')' | undefined): number {
    let depth = 0;
    while (at < this.text.length) {
      const char = this.text[at] ?? '';
      if (char === ')' && closer && depth === 0) return at + 1;
      if (char === '(') depth += 1;
      if (char === ')') depth -= 1;
      if (char === '\n' && this.heredocs.length > 0) at = this.hereDocuments(at + 1);
      else if (char === '\\') at = this.escape(at);
      else if (char === "'") at = this.after("'", at + 1);
      else if (char === '"') at = this.doubleQuoted(at + 1);
      else if (char === '$') at = this.expansion(at, false);
      else if (char === '#' && /[\s;(]/.test(this.text[at - 1] ?? '\n')) at = this.lineEnd(at);
      else if (this.text.startsWith('<<<', at)) at += 3;
      else if (this.text.startsWith('<<', at)) at = this.announceHeredoc(at);
      else {
        this.codeOnly[at] = char;
        at += 1;
      }
    }
    return at;
  }

  private doubleQuoted(at: number): number {
    while (at < this.text.length) {
      const char = this.text[at];
      if (char === '"') return at + 1;
      if (char === '\\') at += 2;
      else at = char === '$' ? this.expansion(at, true) : at + 1;
    }
    return at;
  }

  /** At a dollar sign: records what is expanded and returns the place after it. */
  private expansion(at: number, quoted: boolean): number {
    const next = this.text[at + 1];
    if (next === '(') return this.code(at + 2, ')');
    if (next === '{') return this.braces(at, quoted);
    if (next === "'" && !quoted) return this.ansiString(at + 2);
    const name = NAME.exec(this.text.slice(at + 1, at + 129))?.[0];
    if (!name) return at + 2;
    this.use(name, at);
    return at + 1 + name.length;
  }

  private braces(start: number, quoted: boolean): number {
    let at = start + 2;
    if (/[!#]/.test(this.text[at] ?? '')) at += 1;
    const name = NAME.exec(this.text.slice(at, at + 128))?.[0] ?? '';
    at += name.length;
    const hasDefault = /^:?[-=+]/.test(this.text.slice(at, at + 2));
    if (name && !hasDefault) this.use(name, start);
    while (at < this.text.length) {
      const char = this.text[at];
      if (char === '}') return at + 1;
      if (char === '\\') at += 2;
      else if (char === "'" && !quoted) at = this.after("'", at + 1);
      else if (char === '"') at = this.doubleQuoted(at + 1);
      else at = char === '$' ? this.expansion(at, quoted) : at + 1;
    }
    return at;
  }

  private ansiString(at: number): number {
    while (at < this.text.length && this.text[at] !== "'") at += this.text[at] === '\\' ? 2 : 1;
    return at + 1;
  }

  /** A continued line is one line to the assignment patterns. */
  private escape(at: number): number {
    if (this.text[at + 1] === '\n') this.codeOnly[at + 1] = ' ';
    return at + 2;
  }

  private announceHeredoc(at: number): number {
    const match = HEREDOC.exec(this.text.slice(at, at + 128));
    if (!match) return at + 2;
    const [whole, dash, single, double, bare] = match;
    const delimiter = single ?? double ?? bare ?? '';
    this.heredocs.push({
      delimiter,
      literal: !bare || whole.includes('\\'),
      stripTabs: dash === '-',
    });
    return at + whole.length;
  }

  private hereDocuments(at: number): number {
    const waiting = this.heredocs;
    this.heredocs = [];
    for (const { delimiter, literal, stripTabs } of waiting) {
      while (at < this.text.length) {
        const end = this.lineEnd(at);
        const line = this.text.slice(at, end);
        const isEnd = (stripTabs ? line.replace(/^\t+/, '') : line) === delimiter;
        if (isEnd) {
          at = end;
          break;
        }
        at = literal ? end + 1 : this.hereLine(at, end) + 1;
      }
    }
    return at;
  }

  private hereLine(at: number, end: number): number {
    while (at < end) {
      if (this.text[at] === '\\') at += 2;
      else at = this.text[at] === '$' ? this.expansion(at, true) : at + 1;
    }
    return Math.max(at, end);
  }

  private use(name: string, at: number): void {
    this.used.push({ name, line: this.text.slice(0, at).split('\n').length });
  }

  private lineEnd(at: number): number {
    const end = this.text.indexOf('\n', at);
    return end === -1 ? this.text.length : end;
  }

  private after(closer: string, at: number): number {
    const end = this.text.indexOf(closer, at);
    return end === -1 ? this.text.length : end + 1;
  }
}
