import { type GenericResource, type ResourceGroup, ResourceManagementClient } from '@azure/arm-resources';
import type { TokenCredential } from '@azure/identity';
import { z } from 'zod';
import { Blocked, NotReadyYet } from '../domain/errors.ts';
import { MANAGED_TAG, RUN_TAG } from '../domain/naming.ts';
import { isOurs } from '../domain/ownership.ts';
import { parseArmId, withoutLeadingSlash } from './armId.ts';
import { createArmRest } from './armRest.ts';
import { azureCall, collect, orUndefined } from './call.ts';
import { armOptions } from './pacing.ts';
import { createApiVersions } from './providerTypes.ts';

const LOCKS_API_VERSION = '2020-05-01';
const SUBSCRIPTIONS_API_VERSION = '2022-12-01';

export type Presence = 'absent' | 'present' | 'deleting';

export interface ResourceGroupSummary {
  id: string;
  name: string;
  tags: Record<string, string>;
  deleting: boolean;
  /** The resource for which Azure made the group, such as a Kubernetes cluster. */
  managedBy?: string;
}

/** A group or resource as ARM shows it. */
export interface ArmThing {
  id: string;
  tags: Record<string, string>;
  deleting: boolean;
  managedBy?: string;
}

/** A resource as ARM's lists show it: top-level only, without its state. */
export interface ListedResource {
  id: string;
  type: string;
  tags: Record<string, string>;
  managedBy?: string;
}

export interface Lock {
  name: string;
  /** CanNotDelete or ReadOnly. */
  level: string;
  scope: string;
}

export interface Resources {
  /**
   * Makes the group unless it is there; returns its ARM id. Blocked 'NotOurs' when a group of that name lacks our
   * managed tag or this run's id, NotReadyYet while an earlier one of that name is being deleted.
   */
  ensureGroup(group: { name: string; location: string; tags: Record<string, string> }): Promise<string>;
  listGroups(namePrefix: string): Promise<ResourceGroupSummary[]>;
  /** The thing itself with its tags; undefined when it does not exist. */
  read(armId: string): Promise<ArmThing | undefined>;
  /** What ARM itself says of a group or resource; unlike Resource Graph it has no lag. */
  presence(armId: string): Promise<Presence>;
  /** Submits a deletion and does not wait. Blocked with the code (ScopeLocked, ...) when something holds it. */
  startDelete(armId: string): Promise<'gone' | 'deleting'>;
  listInGroup(groupName: string): Promise<ListedResource[]>;
  /** Every top-level resource of the subscription. */
  listAll(): Promise<ListedResource[]>;
  locksAt(scope: string): Promise<Lock[]>;
  /** Enabled, Disabled, Warned, PastDue or Deleted. */
  subscriptionState(): Promise<string>;
  /** Registered, NotRegistered, ... by namespace. */
  providerStates(namespaces: readonly string[]): Promise<Record<string, string>>;
}

const SubscriptionBody = z.object({ state: z.string() });
const LocksBody = z.object({
  value: z.array(z.object({ id: z.string(), name: z.string(), properties: z.object({ level: z.string() }) })),
  nextLink: z.string().nullish(),
});

/** Resource groups and resources of one subscription, whatever their type. */
export function createResources(credential: TokenCredential, subscriptionId: string): Resources {
  const client = new ResourceManagementClient(credential, subscriptionId, armOptions(credential));
  const apiVersionOf = createApiVersions(client);
  const get = createArmRest(client.pipeline);
  const getGroup = (name: string) =>
    orUndefined(
      azureCall(`reading resource group ${name}`, (abortSignal) =>
        client.resourceGroups.get(name, { abortSignal }),
      ),
    );

  async function read(armId: string): Promise<ArmThing | undefined> {
    const parsed = parseArmId(armId);
    if (parsed.kind === 'group') {
      const group = await getGroup(parsed.group);
      return group && toThing(armId, group);
    }
    const apiVersion = await apiVersionOf(parsed.namespace, parsed.typePath);
    const resource = await orUndefined(
      azureCall(`reading ${armId}`, (abortSignal) =>
        client.resources.getById(withoutLeadingSlash(armId), apiVersion, { abortSignal }),
      ),
    );
    return resource && toThing(armId, resource);
  }

  return {
    async ensureGroup({ name, location, tags }) {
      const doing = `making resource group ${name}`;
      const existing = await getGroup(name);
      if (isDeleting(existing?.properties?.provisioningState)) {
        throw new NotReadyYet(`${doing}: an earlier group of that name is being deleted. Try again.`, 15);
      }
      if (existing && !isOurs(existing.tags, tags[RUN_TAG])) {
        throw new Blocked(
          `${doing}: it exists without the tags ${MANAGED_TAG}=true and ${RUN_TAG}=${tags[RUN_TAG]}. Rename or remove it.`,
          'NotOurs',
        );
      }
      const group =
        existing ??
        (await azureCall(doing, (abortSignal) =>
          client.resourceGroups.createOrUpdate(name, { location, tags }, { abortSignal }),
        ));
      return group.id ?? `/subscriptions/${subscriptionId}/resourceGroups/${name}`;
    },

    async listGroups(namePrefix) {
      const groups = await azureCall('listing resource groups', (abortSignal) =>
        collect(client.resourceGroups.list({ abortSignal })),
      );
      return groups
        .filter(({ name }) => name?.toLowerCase().startsWith(namePrefix.toLowerCase()))
        .map(({ id = '', name = '', tags = {}, properties, managedBy }) => ({
          id,
          name,
          tags,
          deleting: isDeleting(properties?.provisioningState),
          ...(managedBy ? { managedBy } : {}),
        }));
    },

    read,

    async presence(armId) {
      const found = await read(armId);
      if (!found) return 'absent';
      return found.deleting ? 'deleting' : 'present';
    },

    async startDelete(armId) {
      const parsed = parseArmId(armId);
      const apiVersion =
        parsed.kind === 'resource' ? await apiVersionOf(parsed.namespace, parsed.typePath) : '';
      const poller = await orUndefined(
        azureCall(`deleting ${armId}`, async (abortSignal) => {
          const deletion =
            parsed.kind === 'group'
              ? client.resourceGroups.delete(parsed.group, { abortSignal })
              : client.resources.deleteById(withoutLeadingSlash(armId), apiVersion, { abortSignal });
          await deletion.submitted();
          // A poller is a thenable: returned bare it would be awaited to the end of the deletion.
          return { isDone: deletion.isDone };
        }),
      );
      return !poller || poller.isDone ? 'gone' : 'deleting';
    },

    async listInGroup(groupName) {
      const found = await azureCall(`listing resources in ${groupName}`, (abortSignal) =>
        collect(client.resources.listByResourceGroup(groupName, { abortSignal })),
      );
      return found.map(listed);
    },

    async listAll() {
      const found = await azureCall('listing resources', (abortSignal) =>
        collect(client.resources.list({ abortSignal })),
      );
      return found.map(listed);
    },

    async locksAt(scope) {
      const locks: Lock[] = [];
      let path: string | null | undefined =
        `${scope}/providers/Microsoft.Authorization/locks?api-version=${LOCKS_API_VERSION}`;
      while (path) {
        const page: z.infer<typeof LocksBody> = LocksBody.parse(await get(path, `listing locks at ${scope}`));
        for (const { id, name, properties } of page.value) {
          locks.push({ name, level: properties.level, scope: scopeOfLock(id) });
        }
        path = page.nextLink;
      }
      return locks;
    },

    async subscriptionState() {
      const path = `/subscriptions/${subscriptionId}?api-version=${SUBSCRIPTIONS_API_VERSION}`;
      return SubscriptionBody.parse(await get(path, `reading subscription ${subscriptionId}`)).state;
    },

    async providerStates(namespaces) {
      const states = await Promise.all(
        namespaces.map(async (namespace) => {
          const provider = await azureCall(`reading the resource provider ${namespace}`, (abortSignal) =>
            client.providers.get(namespace, { abortSignal }),
          );
          return [namespace, provider.registrationState ?? 'Unknown'] as const;
        }),
      );
      return Object.fromEntries(states);
    },
  };
}

function toThing(id: string, found: GenericResource | ResourceGroup): ArmThing {
  const { tags = {}, properties, managedBy } = found;
  const deleting = isDeleting(properties?.provisioningState);
  return { id, tags, deleting, ...(managedBy ? { managedBy } : {}) };
}

function listed({ id = '', type = '', tags = {}, managedBy }: GenericResource): ListedResource {
  return { id, type, tags, ...(managedBy ? { managedBy } : {}) };
}

function isDeleting(provisioningState: unknown): boolean {
  return typeof provisioningState === 'string' && /^(deleting|deprovisioning)$/i.test(provisioningState);
}

function scopeOfLock(id: string): string {
  return id.replace(/\/providers\/Microsoft\.Authorization\/locks\/[^/]+$/i, '');
}
