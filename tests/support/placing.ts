import { WORLD } from '../../local/world.ts';
import type { Tenant } from './tenant.ts';

export const SUBSCRIPTION = `/subscriptions/${WORLD.subscriptionId}`;
export const groupId = (name: string) => `${SUBSCRIPTION}/resourceGroups/${name}`;

export interface Placed {
  readonly tags?: object;
  readonly properties?: object;
  readonly rest?: object;
}

/** Puts things into the cloud of `tenant` behind the app's back; each call returns the thing's id. */
export function placing(tenant: () => Tenant) {
  const place = (id: string, type: string, { tags, properties, rest }: Placed = {}): string => {
    tenant().fixture.standIn.state.resources.put({
      id,
      name: id.slice(id.lastIndexOf('/') + 1),
      type,
      location: 'eastus',
      tags: { ...tags },
      properties: { ...properties },
      rest: { ...rest },
      createdAt: Date.now(),
      createdBy: WORLD.app.oid,
    });
    return id;
  };
  return {
    place,
    placeGroup: (name: string, tags: object = {}, rest: object = {}) =>
      place(groupId(name), 'Microsoft.Resources/resourceGroups', { tags, rest }),
    placeIn: (group: string, type: string, name: string, placed: Placed = {}) =>
      place(`${groupId(group)}/providers/${type}/${name}`, type, placed),
  };
}
