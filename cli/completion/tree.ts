import type { Command, Option } from 'commander';

/** A command as a shell has to know it: what may follow its words. */
export interface Completion {
  /** Words after `haymaker`, such as "agents list"; empty for the command itself. */
  readonly path: string;
  readonly subcommands: readonly { readonly name: string; readonly about: string }[];
  readonly options: readonly CompletionOption[];
}

export interface CompletionOption {
  /** --format, and -f where there is a short one. */
  readonly flags: readonly string[];
  readonly about: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

/** Every command of the tree with its own options and those that all of them have. Pure. */
export function completionTree(root: Command): Completion[] {
  const walk = (command: Command, path: readonly string[]): Completion[] => [
    {
      path: path.join(' '),
      subcommands: command.commands.map((each) => ({ name: each.name(), about: each.description() })),
      options: [...command.options, ...(command === root ? [] : root.options)].map(described),
    },
    ...command.commands.flatMap((each) => walk(each, [...path, each.name()])),
  ];
  return walk(root, []);
}

function described({ short, long, description, required, optional, argChoices }: Option): CompletionOption {
  return {
    flags: [short, long].filter((flag) => flag !== undefined),
    about: description,
    takesValue: required || optional,
    choices: argChoices ?? [],
  };
}
