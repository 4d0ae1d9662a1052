import { type AzCommand, literal } from '../../src/scenarios/azCommands.ts';
import { type ShellCommand, type ShellWord, shellCommands } from '../../src/scenarios/shellCommands.ts';

const GUID = '2b9e64d7-0c35-4f18-a6d2-91c7e3f8b540';
const RESOURCE_ID = `/subscriptions/${GUID}/resourceGroups/group/providers/Microsoft.Storage/storageAccounts/sample`;

/** What the agent would give: examples that an argument parser accepts. */
const GIVEN: Readonly<Record<string, string>> = {
  RESOURCE_GROUP: 'group',
  LOCATION: 'eastus',
  NAME_PREFIX: 'hm0a1b2c',
  TAGS: 'AzureHayMaker-managed=true RunId=run-1',
  SUBSCRIPTION_ID: GUID,
  AZURE_SUBSCRIPTION_ID: GUID,
  AZURE_TENANT_ID: GUID,
  RUN_ID: 'run-1',
  AGENT_ID: 'hm-0a1b2c3d-compute-01',
  SCENARIO_ID: 'compute-01',
};

/** The variables of a script with an example of what they hold when the script runs. */
export function exampleValues(script: string): ReadonlyMap<string, string> {
  const values = new Map(Object.entries(GIVEN));
  for (const { assignments, words } of shellCommands(script)) {
    for (const { name, value } of assignments) values.set(name, example(value, values));
    if (literal(words[0]) === 'for' && words[3])
      values.set(literal(words[1]) ?? '', example(words[3], values));
  }
  return values;
}

/** The words of an az command as the process would get them, with examples for what only a run can know. */
export function exampleArguments(command: AzCommand, values: ReadonlyMap<string, string>): string[] {
  return command.words.flatMap((word) => {
    const [part, more] = word.parts;
    const isSplit = part?.kind === 'variable' && !part.quoted && !more;
    const words = isSplit ? example(word, values).split(' ') : [example(word, values)];
    // The CLI puts the content of the file there before it parses.
    return words.map((text) => (text.startsWith('@') ? '{}' : text));
  });
}

function example(word: ShellWord, values: ReadonlyMap<string, string>): string {
  return word.parts
    .map((part) => {
      if (part.kind === 'text') return part.text;
      if (part.kind === 'variable') return values.get(part.name) ?? 'sample';
      return outputExample(part.commands);
    })
    .join('');
}

/** An id where an id is asked for, a number where nothing but arithmetic or a count is, else a word. */
function outputExample(commands: readonly ShellCommand[]): string {
  const last = commands.at(-1);
  if (!last) return '1';
  const [program] = last.words;
  if (literal(program) === 'date') return '2026-01-02T03:04:05Z';
  if (literal(program) !== 'az') return 'sample';
  const at = last.words.findIndex((word) => literal(word) === '--query');
  const query = literal(last.words[at + 1]) ?? '';
  if (/(^|[.\]])(id|resourceId)$/.test(query)) return RESOURCE_ID;
  return /length\(/.test(query) ? '1' : 'sample';
}
