import type { Privilege } from '../../src/domain/scenario.ts';
import { type AzCommand, readAzCommand } from './azCommand.ts';
import { isListed, reachOf } from './commands.ts';
import { isOurs, optionProblem } from './options.ts';
import { type Reach, valueProblem } from './values.ts';
import { splitCommand } from './words.ts';

/** What a proposed command is judged by. */
export interface GuardContext extends Reach {
  /** What the scenario's front matter says under `requires`. */
  readonly privileges: readonly Privilege[];
  /** Variables that a proposal may use, and their values. */
  readonly variables: Readonly<Record<string, string>>;
}

export type Verdict =
  | {
      readonly allowed: true /** To be started without a shell; the first is "az". */;
      readonly words: readonly string[];
    }
  | { readonly allowed: false; readonly reason: string };

/**
 * Judges a command that somebody proposes: it must be one simple `az` command from a list, about the agent's own resource
 * group, without secrets, foreign files, foreign addresses or programs in it. Whatever is not understood is refused.
 */
export function judge(proposal: string, context: GuardContext): Verdict {
  const split = splitCommand(proposal, context.variables);
  if (!split.ok) return refuse(split.reason);
  const read = readAzCommand(split.words);
  if (!read.ok) return refuse(read.reason);
  const { command } = read;
  if (!isListed(command.path, context.privileges)) return refuse(`"az ${command.path}" is not on the list`);
  for (const option of command.options) {
    for (const value of option.values) {
      const problem = valueProblem(option.name, value, context);
      if (problem) return refuse(problem);
    }
    const problem = optionProblem(command, option, context);
    if (problem) return refuse(problem);
  }
  const problem = reachProblem(command, context);
  return problem ? refuse(problem) : { allowed: true, words: split.words };
}

/** A command must say that it is about us; what it does not say would mean everything there is. */
function reachProblem(command: AzCommand, context: GuardContext): string | undefined {
  const has = (name: string) =>
    command.options.some((option) => option.name === name && option.values.length > 0);
  const values = (name: string) =>
    command.options.filter((option) => option.name === name).flatMap((option) => option.values);
  switch (reachOf(command.path)) {
    case 'group': {
      const names = command.path.startsWith('group ') ? values('--name') : undefined;
      if (names) {
        const own = context.resourceGroup.toLowerCase();
        return names.length > 0 && names.every((name) => name.toLowerCase() === own)
          ? undefined
          : `a resource group other than ${context.resourceGroup}`;
      }
      return has('--resource-group') || has('--ids')
        ? undefined
        : 'it names neither the resource group nor ids';
    }
    case 'name': {
      const names = ['--vault-name', '--account-name', '--storage-account', '--id', '--name'].flatMap(values);
      const owner = /^keyvault [a-z-]+$/.test(command.path) ? values('--name') : names;
      const isNamed = has('--vault-name') || has('--account-name') || has('--id') || owner.length > 0;
      const target = has('--vault-name') || has('--account-name') ? [] : owner;
      if (!isNamed || !target.every((name) => /^https:/i.test(name) || isOurs(name, context))) {
        return 'it does not name a vault, account or registry of ours';
      }
      return undefined;
    }
    case 'other':
      return otherProblem(command, values);
  }
}

function otherProblem({ path }: AzCommand, values: (name: string) => readonly string[]): string | undefined {
  if (/^role assignment /.test(path)) {
    return values('--scope').length > 0 || values('--resource-group').length > 0
      ? undefined
      : 'an assignment without a scope reaches the whole subscription';
  }
  return undefined;
}

function refuse(reason: string): Verdict {
  return { allowed: false, reason };
}
