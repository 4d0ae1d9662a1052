import { DELEGABLE_ROLES } from '../../src/domain/roles.ts';
import type { AzCommand, AzOption } from './azCommand.ts';
import type { Reach } from './values.ts';

const OUTPUTS = new Set(['none', 'json', 'jsonc', 'table', 'tsv', 'yaml', 'yamlc']);
/** A repair does not make a small company's day expensive. */
const SMALL_SIZE = /^(?:Standard_|Basic_)?(?:A|B|D[12]|DS[12]|E2|F[12])[a-z0-9]*(?:_v\d)?$/i;
const SIZES = new Set(['--size', '--vm-size', '--node-vm-size', '--vm-sku']);
const COUNTS = new Set([
  '--count',
  '--instance-count',
  '--node-count',
  '--new-capacity',
  '--capacity',
  '--max-replicas',
]);
const MOST = 5;
/** What runs in containers comes from Microsoft or from a registry of ours. */
const IMAGES = new Set(['--image', '--container-image-name', '--deployment-container-image-name']);

/** Options that no repair needs, and why. */
const NEVER: readonly (readonly [RegExp, string])[] = [
  [/^--debug$/, 'its output holds access tokens'],
  [
    /password|passwd|secret-value|sas-token|connection-string|account-key|client-secret/,
    'a secret in a command line',
  ],
  [/^--auth-mode$/, 'credentials of another kind'],
  [
    /^--(?:scripts?|command-line|startup-file|startup-command|custom-data|user-data|run-command.*|command|commands|args|exec-command)$/,
    'it runs programs',
  ],
  [/^--(?:template|parameters)-?(?:file|uri|spec)?$/, 'a template or file that was not looked at'],
  [
    /^--(?:subscriptions?|tenant(?:-id)?|auxiliary-subscriptions|auxiliary-tenants)$/,
    'another subscription or tenant',
  ],
  [
    /^--(?:resource-group-name|target-resource-group|destination-group|managed-resource-group|node-resource-group|source-resource-group)$/,
    'another resource group',
  ],
  [
    /^--(?:uri|url|webhook.*|service-uri|source-uri|blob-uri|.*-feed-url|deployment-source-url|repository-url|source-url)$/,
    'an address that is not ours',
  ],
  [
    /^--(?:aad-.*|attach-acr|service-principal|enable-managed-identity|assignee-.*password)$/,
    'an identity that is not ours',
  ],
];

/** Options that say where; the CLI accepts their beginnings, too, so a beginning of one of them is refused. */
const GUARDED = [
  '--resource-group',
  '--subscription',
  '--ids',
  '--debug',
  '--scope',
  '--scopes',
  '--role',
  '--password',
  '--admin-password',
  '--vault-name',
  '--account-name',
  '--scripts',
  '--tenant',
];
/** Options in their own right, although they begin a guarded one. */
const OWN_RIGHT = new Set(['--id', '--resource', '--account', '--admin', '--scope']);

/** Names that reach a data plane over the internet. */
const GLOBAL_NAMES = new Set(['--vault-name', '--account-name', '--storage-account', '--registry']);

/** Why an option must not be passed on; undefined when it may. Its values have been looked at already. */
export function optionProblem(command: AzCommand, option: AzOption, reach: Reach): string | undefined {
  const { name, values } = option;
  const abbreviated = GUARDED.find((full) => full !== name && full.startsWith(name) && !OWN_RIGHT.has(name));
  if (abbreviated && !GUARDED.includes(name)) return `${name} abbreviates ${abbreviated}`;
  if (name === '--subscription' && isOnly(values, reach.subscriptionId)) return undefined;
  const never = NEVER.find(([pattern]) => pattern.test(name));
  if (never) return `${name}: ${never[1]}`;
  switch (name) {
    case '--resource-group':
      return isOnly(values, reach.resourceGroup)
        ? undefined
        : `a resource group other than ${reach.resourceGroup}`;
    case '--output':
      return values.length === 1 && OUTPUTS.has(values[0] ?? '') ? undefined : `--output ${values.join(' ')}`;
    case '--ids':
    case '--scope':
    case '--scopes':
      return values.length > 0 && values.every((value) => isInGroup(value, reach))
        ? undefined
        : `${name} outside the group`;
    case '--role':
      return roleProblem(command, values);
    case '--resource-type':
      return values.some((value) => /authorization|microsoft\.management|deployments/i.test(value))
        ? 'a type of resource that gives rights'
        : undefined;
  }
  return costProblem(name, values) ?? imageProblem(command, option, reach) ?? nameProblem(option, reach);
}

function costProblem(name: string, values: readonly string[]): string | undefined {
  if (SIZES.has(name) && !values.every((value) => SMALL_SIZE.test(value))) return `${name}: not a small size`;
  if (COUNTS.has(name) && !values.every((value) => Number(value) <= MOST))
    return `${name}: more than ${MOST}`;
  return undefined;
}

function imageProblem({ path }: AzCommand, { name, values }: AzOption, reach: Reach): string | undefined {
  if (!IMAGES.has(name) || path.startsWith('vm')) return undefined;
  const isKnown = (image: string) =>
    image.startsWith('mcr.microsoft.com/') ||
    (image.startsWith(reach.namePrefix) && /^[a-z0-9]+\.azurecr\.io\//.test(image));
  return values.every(isKnown) ? undefined : `${name}: an image of somebody else`;
}

function nameProblem({ name, values }: AzOption, reach: Reach): string | undefined {
  if (GLOBAL_NAMES.has(name) && !values.every((value) => isOurs(value, reach))) {
    return `${name}: the name does not begin with ${reach.namePrefix}`;
  }
  return undefined;
}

function roleProblem({ path }: AzCommand, values: readonly string[]): string | undefined {
  if (!path.startsWith('role assignment ')) return '--role gives rights';
  const isDelegable = (value: string) =>
    DELEGABLE_ROLES.some(({ name, guid }) => [name.toLowerCase(), guid].includes(value.toLowerCase()));
  return values.length > 0 && values.every(isDelegable) ? undefined : 'a role that an agent does not hand on';
}

function isOnly(values: readonly string[], wanted: string): boolean {
  return values.length === 1 && values[0]?.toLowerCase() === wanted.toLowerCase();
}

/** A name of ours, or an id, which is checked as a value. */
export function isOurs(name: string, reach: Reach): boolean {
  return name.toLowerCase().startsWith(reach.namePrefix.toLowerCase()) || isInGroup(name, reach);
}

function isInGroup(id: string, { subscriptionId, resourceGroup }: Reach): boolean {
  const own = `/subscriptions/${subscriptionId}/resourcegroups/${resourceGroup}`.toLowerCase();
  const lower = id.toLowerCase();
  return lower === own || lower.startsWith(`${own}/`);
}
