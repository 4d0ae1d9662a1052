import { type AzCommand, flag, texts, variable } from './azCommands.ts';
import { CHILDREN, NOT_RESOURCES } from './azKnowledge.ts';
import { ownName, PARENT_FLAGS } from './lintNames.ts';
import {
  eachCommand,
  type Finding,
  type LintedScenario,
  type LintedStep,
  noun,
  verb,
} from './lintScenario.ts';

const EVERYTHING_ELSE = new Set(['', ...['RESOURCE_GROUP', 'TAGS', 'LOCATION'].map(variable)]);

interface Deleted {
  readonly noun: string;
  readonly name: string;
}

/** What the day has made, the evening deletes: every creation has its deletion, or lies in something that is deleted. */
export function lintCleanUp(scenario: LintedScenario): Finding[] {
  const deleted = scenario.steps
    .filter(({ phase }) => phase === 'cleanUp')
    .flatMap(({ commands, bindings }) => commands.flatMap((command) => deletions(command, bindings)));
  const deletes = new Set(deleted.map(({ name }) => name));
  const isGone = (kind: string, name: string) =>
    deleted.some((one) => one.name === name && (one.noun === kind || one.noun === 'resource')) ||
    // Found by its id, which the script has asked for.
    deleted.some((one) => one.noun === kind && /^\$\{[a-z]/.test(one.name));

  return eachCommand(scenario, 'clean-up', (command, { bindings, phase }) => {
    if (verb(command) !== 'create' || phase === 'cleanUp' || NOT_RESOURCES.has(noun(command)))
      return undefined;
    if (command.path === 'vm create') {
      const leaves = leavesDisk(command);
      if (leaves) return leaves;
    }
    const kind = command.path === 'resource create' ? 'resource' : noun(command);
    const isChild = CHILDREN.has(noun(command)) || command.flags.has('--parent');
    const around = parents(command, bindings, isChild);
    if (around.some((name) => deletes.has(name))) return undefined;
    const own = (ownName(command) ?? []).flatMap((word) => texts(word, bindings));
    const left = own.find((name) => !isGone(kind, name));
    if (own.length > 0 && left === undefined) return undefined;
    // Named by a file or by the service: that its kind is deleted has to do.
    if (own.length === 0 && deleted.some((one) => one.noun === kind)) return undefined;
    return `${left ?? `what "az ${command.path}" makes`} is never deleted in phase 3`;
  });
}

function deletions(command: AzCommand, bindings: LintedStep['bindings']): Deleted[] {
  if (!/^(delete|purge|remove)$/.test(verb(command))) return [];
  const kind = noun(command);
  const words = [...(ownName(command) ?? []), ...(flag(command, '--ids', '--id', '--group') ?? [])];
  return words
    .flatMap((word) => texts(word, bindings))
    .map((name) => ({ noun: kind === '' ? 'resource' : kind, name }));
}

/** The names of what surrounds a new thing. A child may say so by any of its flags. */
function parents(command: AzCommand, bindings: LintedStep['bindings'], isChild: boolean): string[] {
  const words = isChild
    ? [...command.flags].flatMap(([, values]) => values)
    : PARENT_FLAGS.flatMap((name) => flag(command, name) ?? []);
  const named = words.flatMap((word) => texts(word, bindings)).filter((text) => !EVERYTHING_ELSE.has(text));
  const path = (flag(command, '--parent') ?? []).flatMap((word) => texts(word, bindings));
  return [
    ...named,
    ...path.flatMap((text) => text.split('/')),
    // The storage commands find their account in the environment.
    ...(bindings.get('AZURE_STORAGE_ACCOUNT') ?? []),
  ];
}

/** A virtual machine makes its own disk and, unless it is given one, its own network card and address. */
function leavesDisk(command: AzCommand): string | undefined {
  if (!command.flags.has('--os-disk-delete-option'))
    return 'the system disk would stay: add --os-disk-delete-option Delete';
  if (!command.flags.has('--nics'))
    return 'az vm create would make a network card of its own: make one and give --nics';
  return undefined;
}
