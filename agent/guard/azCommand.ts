/** An option of an `az` command with its values; a flag has none. Long names only. */
export interface AzOption {
  readonly name: string;
  readonly values: readonly string[];
}

/** An `az` command: `network vnet create` and its options in the order given. */
export interface AzCommand {
  readonly path: string;
  readonly options: readonly AzOption[];
}

export type AzCommandResult =
  | { readonly ok: true; readonly command: AzCommand }
  | { readonly ok: false; readonly reason: string };

/** Short options that mean the same in every command (https://learn.microsoft.com/cli/azure/reference-index). */
const SHORT: Readonly<Record<string, string>> = {
  '-g': '--resource-group',
  '-n': '--name',
  '-l': '--location',
  '-o': '--output',
  '-y': '--yes',
};

/**
 * Reads the words of an `az` command. The CLI's parser is more generous than this: it takes values glued to short options,
 * `--` and options before the command. All of these are refused, so that what is checked is what is performed.
 */
export function readAzCommand(words: readonly string[]): AzCommandResult {
  const [program, ...rest] = words;
  if (program !== 'az') return refuse(`it does not begin with az, but with ${program ?? 'nothing'}`);
  const first = rest.findIndex((word) => word.startsWith('-'));
  const path = first === -1 ? rest : rest.slice(0, first);
  const odd = path.find((word) => !/^[a-z][a-z0-9-]*$/.test(word));
  if (odd !== undefined) return refuse(`"${odd}" is no part of the name of a command`);
  if (path.length === 0) return refuse('it names no command');

  const options: { name: string; values: string[] }[] = [];
  for (const word of rest.slice(path.length)) {
    if (!word.startsWith('-')) {
      options.at(-1)?.values.push(word);
      continue;
    }
    const long = /^(--[a-z0-9][a-z0-9-]*)(?:=([\s\S]*))?$/.exec(word);
    if (long?.[1]) {
      options.push({ name: long[1], values: long[2] === undefined ? [] : [long[2]] });
      continue;
    }
    const name = SHORT[word];
    if (name) options.push({ name, values: [] });
    else if (/^-\d/.test(word)) options.at(-1)?.values.push(word);
    else return refuse(`the option "${word}" is not one of the long options`);
  }
  return { ok: true, command: { path: path.join(' '), options } };
}

function refuse(reason: string): AzCommandResult {
  return { ok: false, reason };
}
