import { type AzCommand, flag, literal, texts, variable } from './azCommands.ts';
import { eachCommand, type Finding, type LintedScenario, type LintedStep } from './lintScenario.ts';

const OURS = variable('RESOURCE_GROUP');
const GROUP_FLAGS = ['--resource-group', '-g'];
const OTHER_GROUP_FLAGS = [
  ...['--vnet-resource-group', '--storage-resource-group', '--source-resource-group'],
  '--remote-resource-group',
];
/** Prepares the whole subscription or the tool, or takes the agent's ground away. */
const FORBIDDEN = [
  /^group (create|delete|update|export|lock)/,
  /^account (set|clear|management-group|create|lock)/,
  /^(login|logout|configure|config|extension|upgrade|feedback|interactive)\b/,
  /^provider (register|unregister)/,
  /^feature (register|unregister)/,
  /^(deployment|stack) (sub|mg|tenant)\b/,
  /^lock\b/,
];
const ID_FLAGS = [
  '--ids',
  '--id',
  '--resource',
  '--scope',
  '--scopes',
  '--resource-id',
  '--target-resource-id',
];
const ROOTS = [
  /^\/subscriptions\/\$\{(AZURE_)?SUBSCRIPTION_ID\}\/resourceGroups\/\$\{RESOURCE_GROUP\}(\/|$)/i,
];
const REST_URLS = [
  /^(https:\/\/management\.azure\.com)?\/subscriptions\/\$\{(AZURE_)?SUBSCRIPTION_ID\}\/resourceGroups\/\$\{RESOURCE_GROUP\}\//i,
  /^https:\/\/graph\.microsoft\.com\/v1\.0\//,
  // The id of something that was shown or made in the group.
  /^(https:\/\/management\.azure\.com)?\$\{[a-z]\w*\}(\/|\?|$)/,
];

/** Nothing is done outside the group that the agent is given. */
export function lintGroup(scenario: LintedScenario): Finding[] {
  return eachCommand(scenario, 'group', outside);
}

function outside(command: AzCommand, { bindings }: LintedStep): string | undefined {
  if (FORBIDDEN.some((pattern) => pattern.test(command.path))) {
    return `"az ${command.path}" is not the agent's to do: it works inside its group only`;
  }
  for (const name of [...GROUP_FLAGS, ...OTHER_GROUP_FLAGS]) {
    const words = flag(command, name);
    const foreign = words?.find((word) => texts(word, bindings).join() !== OURS);
    if (words && (foreign || words.length !== 1)) return `${name} must be "$RESOURCE_GROUP" and nothing else`;
  }
  for (const name of ID_FLAGS) {
    for (const word of flag(command, name) ?? []) {
      for (const text of texts(word, bindings)) {
        if (text.startsWith('/') && !ROOTS.some((root) => root.test(text))) {
          return `${name} ${text} is outside the group: begin with /subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/$RESOURCE_GROUP`;
        }
      }
    }
  }
  if (command.path === 'rest') return foreignUrl(command, bindings);
  if (flag(command, '--subscription')) return '--subscription is not needed: the agent is signed in to one';
  return undefined;
}

function foreignUrl(command: AzCommand, bindings: LintedStep['bindings']): string | undefined {
  for (const word of flag(command, '--url', '--uri', '-u') ?? []) {
    const foreign = texts(word, bindings).find((text) => !REST_URLS.some((pattern) => pattern.test(text)));
    if (foreign)
      return `az rest calls ${foreign}: only resources of the group and Microsoft Graph are allowed`;
  }
  return literal(flag(command, '--method', '-m')?.[0]) === undefined
    ? 'az rest needs a literal --method'
    : undefined;
}
