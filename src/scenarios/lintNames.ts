import { type AzCommand, flag, texts, variable } from './azCommands.ts';
import { CHILDREN, TAGGED, TAGGED_AFTERWARDS } from './azKnowledge.ts';
import {
  eachCommand,
  type Finding,
  type LintedScenario,
  type LintedStep,
  noun,
  verb,
} from './lintScenario.ts';

const PREFIX = variable('NAME_PREFIX');
const NAME_FLAGS = ['--name', '-n', '--display-name'];
/** Where the name of a resource is not `--name`. */
const NAME_FLAG_OF: Readonly<Record<string, string>> = {
  'afd profile': '--profile-name',
  'afd endpoint': '--endpoint-name',
  'monitor log-analytics workspace': '--workspace-name',
  redisenterprise: '--cluster-name',
};
/** Flags that name what something lies in: its own name needs no prefix, and it goes when that goes. */
export const PARENT_FLAGS = [
  ...['--profile-name', '--zone-name', '--account-name', '--vault-name', '--namespace-name', '--server-name'],
  ...['--server', '--registry', '--cluster-name', '--workspace-name', '--service-name', '--gateway-name'],
  ...['--factory-name', '--identity-name', '--database-account'],
];
/** Names that Azure prescribes. */
const PRESCRIBED = /^(privatelink\.|AzureBastionSubnet$)/;

/** What is made carries the run's tags and a name that begins with the agent's prefix. */
export function lintNames(scenario: LintedScenario): Finding[] {
  return [...eachCommand(scenario, 'tags', tags), ...eachCommand(scenario, 'names', names)];
}

function tags(command: AzCommand, { step, commands }: LintedStep): string | undefined {
  if (verb(command) !== 'create') return undefined;
  if (command.path === 'resource create') return inBody(command, step.script);
  if (CHILDREN.has(noun(command))) return undefined;
  if (TAGGED_AFTERWARDS.has(noun(command))) {
    // A file brings its tags along.
    const isTagged = command.flags.has('--file') ? /^tags:/m.test(step.script) : commands.some(tagsResource);
    return isTagged ? undefined : `"az ${command.path}" takes no tags: add az resource tag --tags $TAGS`;
  }
  if (!TAGGED.has(noun(command))) {
    return `"az ${command.path}" is not known to the linter: add it to TAGGED or CHILDREN of azKnowledge.ts`;
  }
  return givesTags(command) ? undefined : `"az ${command.path}" takes tags: add --tags $TAGS, without quotes`;
}

function tagsResource(command: AzCommand): boolean {
  return command.path === 'resource tag' && givesTags(command);
}

/** Unquoted: `--tags` takes the pairs as words of their own. */
function givesTags(command: AzCommand): boolean {
  const [first] = flag(command, '--tags') ?? [];
  const [part, more] = first?.parts ?? [];
  return part?.kind === 'variable' && part.name === 'TAGS' && !part.quoted && !more;
}

/** A generic resource carries its tags in its body; what lies inside another has none. */
function inBody(command: AzCommand, script: string): string | undefined {
  if (command.flags.has('--parent')) return undefined;
  if (!command.flags.has('--is-full-object'))
    return 'az resource create needs --is-full-object and tags in its body';
  return /\\?"tags\\?"\s*:/.test(script) ? undefined : 'the body of the resource has no "tags"';
}

function names(command: AzCommand, { bindings }: LintedStep): string | undefined {
  const isGeneric = command.path === 'resource create' && !command.flags.has('--parent');
  const isTopLevel =
    verb(command) === 'create' && (TAGGED.has(noun(command)) || TAGGED_AFTERWARDS.has(noun(command)));
  if ((!isGeneric && !isTopLevel) || isInside(command)) return undefined;
  for (const word of ownName(command) ?? []) {
    const wrong = texts(word, bindings).find((text) => !text.startsWith(PREFIX) && !PRESCRIBED.test(text));
    if (wrong) return `the name ${wrong} must begin with $NAME_PREFIX`;
  }
  return undefined;
}

function isInside(command: AzCommand): boolean {
  const own = NAME_FLAG_OF[noun(command)];
  return PARENT_FLAGS.some((name) => name !== own && command.flags.has(name));
}

/** The words that name what a command makes or deletes. */
export function ownName(command: AzCommand): AzCommand['words'] | undefined {
  const special = NAME_FLAG_OF[noun(command)];
  return flag(command, ...(special ? [special] : []), ...NAME_FLAGS);
}
