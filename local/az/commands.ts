import { BLOB_COMMANDS } from './blobs.ts';
import type { Invocation } from './invocation.ts';
import { KEY_VAULT_COMMANDS } from './keyVault.ts';
import { PLATFORM_COMMANDS } from './platform.ts';
import { pretendedCommand } from './pretended.ts';
import { anyResource, RESOURCE_VERBS } from './resources.ts';
import { kindOf } from './resourceTypes.ts';
import { REST_COMMANDS } from './rest.ts';
import { ROLE_COMMANDS } from './roles.ts';
import { SPECIAL_COMMANDS } from './special.ts';
import type { DataStore } from './store.ts';

/** Performs a command and resolves to what the real CLI would print as JSON. Throws CliError. */
export type Command = (invocation: Invocation, store: DataStore) => Promise<unknown>;

const COMMANDS: Readonly<Record<string, Command>> = {
  ...PLATFORM_COMMANDS,
  ...KEY_VAULT_COMMANDS,
  ...BLOB_COMMANDS,
  ...REST_COMMANDS,
  ...ROLE_COMMANDS,
  ...SPECIAL_COMMANDS,
};
const ANY_RESOURCE = new Set(['list', 'show', 'create', 'update', 'delete', 'wait', 'tag', 'invoke-action']);

/** The command for a path such as "network vnet create"; undefined when the shim does not know it. */
export function commandOf(path: string): Command | undefined {
  if (Object.hasOwn(COMMANDS, path)) return COMMANDS[path];
  const at = path.lastIndexOf(' ');
  const [group, verb] = [path.slice(0, at), path.slice(at + 1)];
  if (group === 'resource' && ANY_RESOURCE.has(verb)) return anyResource;
  const pretended = pretendedCommand(path);
  if (pretended) return pretended;
  const kind = kindOf(group);
  const act = RESOURCE_VERBS.get(verb);
  return kind && act ? (invocation) => act(invocation, kind) : undefined;
}
