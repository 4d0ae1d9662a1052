import { CommandFailure, EXIT } from '../exit.ts';
import { checkEndpoint } from './endpoint.ts';

/** A setting that `haymaker config` knows: where it is in the file, and what it may be. */
export interface ConfigKey {
  readonly name: string;
  /** Path below the profile, or from the top of the file when `shared`. */
  readonly path: readonly string[];
  readonly shared: boolean;
  readonly secret: boolean;
  readonly about: string;
  /** Returns the value as it is stored; throws CommandFailure (usage). */
  readonly check: (value: string) => string;
}

export const AUTH_TYPES = ['api_key', 'azure_ad'] as const;
export type AuthType = (typeof AUTH_TYPES)[number];

const plain = (value: string) => value;
const inProfile = (
  name: string,
  path: readonly string[],
  about: string,
  more: Partial<ConfigKey> = {},
): ConfigKey => ({ name, path, about, shared: false, secret: false, check: plain, ...more });
const ofOrchestrator = (name: string, about: string): ConfigKey => ({
  name: `orchestrator.${name}`,
  path: ['orchestrator', name.replaceAll('-', '_')],
  about,
  shared: true,
  secret: false,
  check: plain,
});

export const CONFIG_KEYS: readonly ConfigKey[] = [
  inProfile('endpoint', ['endpoint'], 'where the app is: https://<app>.azurewebsites.net', {
    check: (value) => checkEndpoint(value, 'endpoint'),
  }),
  inProfile('api-key', ['auth', 'api_key'], 'a function key or host key', { secret: true }),
  inProfile('admin-key', ['auth', 'admin_key'], 'the master key; only for haymaker orch', { secret: true }),
  inProfile('auth-type', ['auth', 'type'], `how to sign in: ${AUTH_TYPES.join(' or ')}`, {
    check: checkAuthType,
  }),
  inProfile('tenant-id', ['auth', 'tenant_id'], 'the Entra tenant to sign in to'),
  inProfile('audience', ['auth', 'audience'], "the app's API_AUDIENCE, such as api://haymaker"),
  {
    name: 'default-profile',
    path: ['default_profile'],
    about: 'the profile that is used when none is named',
    shared: true,
    secret: false,
    check: plain,
  },
  ofOrchestrator('subscription-id', 'where the agents’ jobs are; for haymaker orch replicas'),
  ofOrchestrator('resource-group', 'the group of the Container Apps environment; for haymaker orch replicas'),
  ofOrchestrator('workspace-id', 'the Log Analytics workspace (its GUID); for haymaker orch logs'),
];

/** The setting of this name. Throws CommandFailure (usage) that lists what there is. */
export function configKey(name: string): ConfigKey {
  const normal = name.replaceAll('_', '-').toLowerCase();
  const found = CONFIG_KEYS.find((key) => key.name === normal);
  if (found) return found;
  const names = CONFIG_KEYS.map((key) => key.name).join(', ');
  throw new CommandFailure(EXIT.usage, `There is no setting ${name}. There are: ${names}.`);
}

function checkAuthType(value: string): string {
  if (AUTH_TYPES.some((type) => type === value)) return value;
  throw new CommandFailure(EXIT.usage, `auth-type is ${AUTH_TYPES.join(' or ')}, not ${value}.`);
}
