import { ResourceManagementClient } from '@azure/arm-resources';
import type { TokenCredential } from '@azure/identity';
import { z } from 'zod';
import { Blocked } from '../domain/errors.ts';
import { parseArmId } from './armId.ts';
import { createArmRest } from './armRest.ts';
import { orUndefined } from './call.ts';
import { armOptions } from './pacing.ts';
import { createApiVersions } from './providerTypes.ts';

/** Something that Azure keeps, with its name, after its deletion. */
export interface SoftDeleted {
  /** What a purge needs. */
  readonly id: string;
  readonly type: string;
  /** Where it was: inside the resource group that it was deleted from. */
  readonly originalId: string;
  readonly tags: Record<string, string>;
  /** ISO 8601; set when purge protection keeps it until then and nobody can purge it earlier. */
  readonly keptUntil?: string;
}

export interface SoftDeletions {
  /** Everything soft-deleted in the subscription, of the services that keep what is deleted. */
  list(): Promise<SoftDeleted[]>;
  /** Starts the removal for good; absent is fine. Blocked 'PurgeProtected' when nobody can. */
  purge(item: SoftDeleted): Promise<void>;
  /** Deletes a Log Analytics workspace so that nothing is kept; absent is fine. Does not wait. */
  deleteWorkspaceForGood(id: string): Promise<void>;
}

/**
 * The services that keep deleted things and can purge them: the type that lists them, and how a purge is sent.
 * - learn.microsoft.com/rest/api/keyvault/keyvault/vaults/list-deleted
 * - learn.microsoft.com/rest/api/aiservices/accountmanagement/deleted-accounts/list
 * - learn.microsoft.com/rest/api/apimanagement/deleted-services/list-by-subscription
 * - learn.microsoft.com/rest/api/appconfiguration/configuration-stores/list-deleted
 *
 * Log Analytics is not among them: it offers no purge of a deleted workspace and forgets it after 14 days. It is deleted
 * for good while it lives.
 */
const KEEPERS = [
  { namespace: 'Microsoft.KeyVault', list: 'deletedVaults', purge: 'POST' },
  { namespace: 'Microsoft.CognitiveServices', list: 'deletedAccounts', purge: 'DELETE' },
  { namespace: 'Microsoft.ApiManagement', list: 'deletedservices', purge: 'DELETE' },
  { namespace: 'Microsoft.AppConfiguration', list: 'deletedConfigurationStores', purge: 'POST' },
] as const;

const Item = z.object({
  id: z.string(),
  type: z.string().nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
  properties: z
    .object({
      vaultId: z.string().nullish(),
      serviceId: z.string().nullish(),
      configurationStoreId: z.string().nullish(),
      tags: z.record(z.string(), z.string()).nullish(),
      purgeProtectionEnabled: z.boolean().nullish(),
      scheduledPurgeDate: z.string().nullish(),
    })
    .default({}),
});
const Page = z.object({ value: z.array(Item), nextLink: z.string().nullish() });

/** What is kept after deletion in one subscription. */
export function createSoftDeletions(credential: TokenCredential, subscriptionId: string): SoftDeletions {
  const client = new ResourceManagementClient(credential, subscriptionId, armOptions(credential));
  const apiVersionOf = createApiVersions(client);
  const send = createArmRest(client.pipeline);
  const versionFor = (id: string) => {
    const parsed = parseArmId(id);
    return parsed.kind === 'resource' ? apiVersionOf(parsed.namespace, parsed.typePath) : Promise.resolve('');
  };

  async function listOf({ namespace, list }: (typeof KEEPERS)[number]): Promise<SoftDeleted[]> {
    const found: SoftDeleted[] = [];
    const apiVersion = await apiVersionOf(namespace, list);
    let path: string | null | undefined =
      `/subscriptions/${subscriptionId}/providers/${namespace}/${list}?api-version=${apiVersion}`;
    while (path) {
      const page: z.infer<typeof Page> = Page.parse(await send(path, `listing ${namespace}/${list}`));
      found.push(...page.value.map(read));
      path = page.nextLink;
    }
    return found;
  }

  return {
    async list() {
      const lists = await Promise.all(
        KEEPERS.map(async (keeper) => {
          try {
            return await listOf(keeper);
          } catch (error) {
            // A provider that the subscription has never registered keeps nothing.
            if (error instanceof Blocked && error.code === 'MissingSubscriptionRegistration') return [];
            throw error;
          }
        }),
      );
      return lists.flat();
    },

    async purge({ id, keptUntil }) {
      if (keptUntil) throw new Blocked(`purge protection keeps it until ${keptUntil}`, 'PurgeProtected');
      const how = KEEPERS.find(({ namespace }) =>
        id.toLowerCase().includes(`/${namespace.toLowerCase()}/`),
      )?.purge;
      const path = `${id}${how === 'POST' ? '/purge' : ''}?api-version=${await versionFor(id)}`;
      await orUndefined(send(path, `purging ${id}`, how ?? 'DELETE'));
    },

    async deleteWorkspaceForGood(id) {
      const path = `${id}?api-version=${await versionFor(id)}&force=true`;
      await orUndefined(send(path, `deleting ${id} for good`, 'DELETE'));
    },
  };
}

function read({ id, type, tags, properties }: z.infer<typeof Item>): SoftDeleted {
  const { vaultId, serviceId, configurationStoreId, purgeProtectionEnabled, scheduledPurgeDate } = properties;
  const keptUntil = purgeProtectionEnabled ? (scheduledPurgeDate ?? 'an unknown date') : undefined;
  return {
    id,
    type: type ?? '',
    // A Cognitive Services account names its group in its own id: .../locations/<l>/resourceGroups/<g>/deletedAccounts/<n>
    originalId: vaultId ?? serviceId ?? configurationStoreId ?? id,
    tags: properties.tags ?? tags ?? {},
    ...(keptUntil ? { keptUntil } : {}),
  };
}
