import { CommandFailure, EXIT } from '../exit.ts';
import type { Session } from '../session.ts';
import { configPath, readConfigFile } from '../settings/file.ts';
import { text } from '../settings/profile.ts';

/** A place in Azure that `orch` has to know, and where it may be said: flag, environment, then the file. */
interface Place {
  readonly flag: string;
  readonly env: string;
  readonly key: string;
  readonly what: string;
}

export const SUBSCRIPTION: Place = {
  flag: '--subscription-id',
  env: 'AZURE_SUBSCRIPTION_ID',
  key: 'subscription_id',
  what: 'the subscription of the agents’ jobs',
};
export const RESOURCE_GROUP: Place = {
  flag: '--resource-group',
  env: 'AZURE_RESOURCE_GROUP',
  key: 'resource_group',
  what: 'the resource group of the agents’ jobs',
};
export const WORKSPACE: Place = {
  flag: '--workspace-id',
  env: 'AZURE_LOG_ANALYTICS_WORKSPACE_ID',
  key: 'workspace_id',
  what: 'the Log Analytics workspace of the app (its GUID)',
};

/** The value of a place. Throws CommandFailure (usage) that says how to give it. */
export function placeOf(
  { flag, env, key, what }: Place,
  given: string | undefined,
  session: Session,
): string {
  const { world } = session;
  const value =
    given ?? (world.env[env] || text(readConfigFile(configPath(world.home)), ['orchestrator', key]));
  if (value) return value;
  throw new CommandFailure(
    EXIT.usage,
    `It is not known which is ${what}. Say it: haymaker config set orchestrator.${key.replaceAll('_', '-')} … (or ${flag}, or ${env}).`,
  );
}

/** The tenant to sign in to for Azure itself, when one is set. */
export function tenantOf({ world }: Session): string | undefined {
  const file = readConfigFile(configPath(world.home));
  return world.env.AZURE_TENANT_ID || text(file, ['orchestrator', 'tenant_id']);
}
