import type { AgentMessage } from './eventStream.ts';
import type { GroupResource } from './resourceManager.ts';

/** What is in the agent's group, as far as it has been announced. Keys are ids in lower case. */
export type Inventory = ReadonlyMap<string, GroupResource>;

export function inventoryOf(resources: readonly GroupResource[]): Inventory {
  return new Map(resources.map((resource) => [resource.id.toLowerCase(), resource]));
}

/** After a restart: what existed when the last checkpoint was written has been announced. */
export function announcedBefore(resources: readonly GroupResource[], announcedUntil: number): Inventory {
  return inventoryOf(resources.filter(({ createdAt }) => createdAt > 0 && createdAt <= announcedUntil));
}

/** The announcements that lead from one look at the group to the next. */
export function changesBetween(before: Inventory, after: Inventory): AgentMessage[] {
  const made = [...after].filter(([key]) => !before.has(key)).map(([, resource]) => resource);
  const gone = [...before].filter(([key]) => !after.has(key)).map(([, resource]) => resource);
  return [
    ...made.map((resource) => announcement('resource_created', 'Made', resource)),
    ...gone.map((resource) => announcement('resource_deleted', 'Removed', resource)),
  ];
}

function announcement(
  type: 'resource_created' | 'resource_deleted',
  verb: string,
  resource: GroupResource,
): AgentMessage {
  return {
    event_type: type,
    message: `${verb} ${resource.type.split('/').slice(1).join('/')} ${resource.name}.`,
    resource_id: resource.id,
    resource_type: resource.type,
    identity: [type, resource.id.toLowerCase(), resource.createdAt].join('\n'),
  };
}
