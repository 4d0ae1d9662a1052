import { type ShellCommand, type ShellWord, shellCommands } from './shellCommands.ts';

/** One `az` command of a script. */
export interface AzCommand {
  /** The words up to the first argument: `network nsg rule create`. */
  readonly path: string;
  /** The arguments by flag, `--name` and `-n` as written; a flag that is given without a value has an empty list. */
  readonly flags: ReadonlyMap<string, readonly ShellWord[]>;
  /** All words after `az`. */
  readonly words: readonly ShellWord[];
  readonly line: number;
  readonly captured: boolean;
}

/** What the variables of a script can be, as far as it says so itself: words of loops and literal assignments. */
export type Bindings = ReadonlyMap<string, readonly string[]>;

/** The az commands of a script, and what is known of its variables. */
export function azCommands(script: string): { commands: AzCommand[]; bindings: Bindings } {
  const all = shellCommands(script);
  const commands = all.filter(({ words }) => literal(words[0]) === 'az').map(toAz);
  return { commands, bindings: bindingsOf(all) };
}

function toAz({ words, line, captured }: ShellCommand): AzCommand {
  const rest = words.slice(1);
  const firstFlag = rest.findIndex((word) => (literal(word) ?? '-').startsWith('-'));
  const pathWords = firstFlag === -1 ? rest : rest.slice(0, firstFlag);
  const flags = new Map<string, ShellWord[]>();
  let open: ShellWord[] | undefined;
  for (const word of rest.slice(pathWords.length)) {
    const first = word.parts[0];
    const text = first?.kind === 'text' ? first.text : '';
    const isFlag = /^(--[a-z0-9]|-[a-z]$)/i.test(text);
    if (!isFlag) {
      open?.push(word);
      continue;
    }
    const [flag = '', value] = text.split(/=(.*)/s);
    open = flags.get(flag) ?? [];
    flags.set(flag, open);
    if (value !== undefined) {
      open.push({ ...word, parts: [{ kind: 'text', text: value }, ...word.parts.slice(1)] });
    }
  }
  const path = pathWords.map(literal).join(' ');
  return { path, flags, words: rest, line, captured };
}

/** The word's text when nothing in it is expanded. */
export function literal(word: ShellWord | undefined): string | undefined {
  const [part, more] = word?.parts ?? [];
  return part?.kind === 'text' && !more ? part.text : undefined;
}

/** The values of the first of these flags that is given. */
export function flag(command: AzCommand, ...names: readonly string[]): readonly ShellWord[] | undefined {
  for (const name of names) {
    const words = command.flags.get(name);
    if (words) return words;
  }
  return undefined;
}

/** How `texts` writes a variable that the script does not set itself. */
export const variable = (name: string): string => `\${${name}}`;

/**
 * The texts that a word can become: `${NAME}` for a variable the script does not set itself, every word of a loop, `$(…)`
 * for the output of a command.
 */
export function texts(word: ShellWord, bindings: Bindings): string[] {
  let found = [''];
  for (const part of word.parts) {
    const choices =
      part.kind === 'text'
        ? [part.text]
        : part.kind === 'output'
          ? ['$(…)']
          : (bindings.get(part.name) ?? [variable(part.name)]);
    found = found.flatMap((head) => choices.map((choice) => head + choice));
  }
  return found;
}

function bindingsOf(commands: readonly ShellCommand[]): Bindings {
  const bindings = new Map<string, string[]>();
  const bind = (name: string, values: readonly string[]) =>
    bindings.set(name, [...(bindings.get(name) ?? []), ...values]);
  for (const { assignments, words } of commands) {
    for (const { name, value } of assignments) {
      if (!value.parts.some((part) => part.kind === 'output')) bind(name, texts(value, bindings));
    }
    if (literal(words[0]) === 'for' && literal(words[2]) === 'in') {
      bind(
        literal(words[1]) ?? '',
        words.slice(3).flatMap((word) => texts(word, bindings)),
      );
    }
    if (literal(words[0]) === 'export') {
      for (const word of words.slice(1)) {
        const match = /^([A-Za-z_]\w*)=(.*)$/s.exec(texts(word, bindings)[0] ?? '');
        if (match) bind(match[1] ?? '', [match[2] ?? '']);
      }
    }
  }
  return bindings;
}
