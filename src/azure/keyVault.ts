import { randomUUID } from 'node:crypto';
import type { TokenCredential } from '@azure/identity';
import { SecretClient } from '@azure/keyvault-secrets';
import { Blocked, Missing, NotReadyYet, Rejected } from '../domain/errors.ts';
import { azureCall, clientOptions, collect, orUndefined } from './call.ts';
import { hasCode } from './errors.ts';

const PROBE_LIFE_MS = 3_600_000;
const PROBE_DELETE_TIMEOUT_MS = 25_000;

export interface TaggedSecret {
  id: string;
  name: string;
  tags: Record<string, string>;
}

export interface KeyVault {
  /** NotReadyYet while a deleted secret of that name is being purged, which this call starts when needed. */
  setSecret(
    name: string,
    value: string,
    options: { expiresOn: Date; tags: Record<string, string> },
  ): Promise<void>;
  getSecret(name: string): Promise<string>;
  listSecrets(namePrefix: string): Promise<string[]>;
  listDeletedSecrets(namePrefix: string): Promise<string[]>;
  /** Secrets of any run, with the tags that say whose they are. */
  listTagged(namePrefix: string): Promise<TaggedSecret[]>;
  listDeletedTagged(namePrefix: string): Promise<TaggedSecret[]>;
  /** Soft-deletes; absent is fine. */
  startDelete(name: string): Promise<void>;
  /** Removes a soft-deleted secret for good. 'pending' while the vault is still at the deletion or the purge. */
  purge(name: string): Promise<'gone' | 'pending'>;
  /** The URL without a version, as Container Apps wants it for a reference. */
  secretUrl(name: string): string;
  /** Writes a secret of this name with a random value, reads it back, deletes and purges it. Throws what failed. */
  checkReadWrite(name: string, tags: Record<string, string>): Promise<void>;
}

/** Secrets of one vault. Values appear in no message. */
export function createKeyVault(credential: TokenCredential, vaultUrl: string): KeyVault {
  const client = new SecretClient(vaultUrl, credential, clientOptions);

  const vault: KeyVault = {
    async setSecret(name, value, { expiresOn, tags }) {
      const doing = `writing secret ${name}`;
      try {
        await azureCall(doing, (abortSignal) =>
          client.setSecret(name, value, { expiresOn, tags, abortSignal }),
        );
      } catch (error) {
        if (!(error instanceof Blocked)) throw error;
        if (hasCode(error.cause, 'ObjectIsDeletedButRecoverable')) {
          await vault.purge(name);
        } else if (!hasCode(error.cause, 'ObjectIsBeingDeleted')) {
          throw error;
        }
        throw new NotReadyYet(`${doing}: a deleted secret of that name is being purged. Try again.`, 5, {
          cause: error,
        });
      }
    },

    async getSecret(name) {
      const { value } = await azureCall(`reading secret ${name}`, (abortSignal) =>
        client.getSecret(name, { abortSignal }),
      );
      if (value === undefined) throw new Missing(`reading secret ${name}: it has no value. Set one.`);
      return value;
    },

    listSecrets: async (namePrefix) => (await vault.listTagged(namePrefix)).map(({ name }) => name),
    listDeletedSecrets: async (namePrefix) =>
      (await vault.listDeletedTagged(namePrefix)).map(({ name }) => name),

    async listTagged(namePrefix) {
      const secrets = await azureCall('listing secrets', (abortSignal) =>
        collect(client.listPropertiesOfSecrets({ abortSignal })),
      );
      return secrets.filter(({ name }) => name.startsWith(namePrefix)).map(tagged);
    },

    async listDeletedTagged(namePrefix) {
      const secrets = await azureCall('listing deleted secrets', (abortSignal) =>
        collect(client.listDeletedSecrets({ abortSignal })),
      );
      return secrets
        .filter(({ name }) => name.startsWith(namePrefix))
        .map(({ properties }) => tagged(properties));
    },

    async startDelete(name) {
      await orUndefined(
        azureCall(`deleting secret ${name}`, (abortSignal) =>
          client.beginDeleteSecret(name, { abortSignal }),
        ),
      );
    },

    async purge(name) {
      try {
        await azureCall(`purging secret ${name}`, (abortSignal) =>
          client.purgeDeletedSecret(name, { abortSignal }),
        );
      } catch (error) {
        if (error instanceof Blocked && hasCode(error.cause, 'ObjectIsBeingDeleted')) return 'pending';
        // Not among the deleted: gone for good, or not deleted yet.
        if (!(error instanceof Missing)) throw error;
        return (await isLive(name)) ? 'pending' : 'gone';
      }
      return (await isDeleted(name)) ? 'pending' : 'gone';
    },

    secretUrl: (name) => `${vaultUrl.replace(/\/+$/, '')}/secrets/${name}`,

    async checkReadWrite(name, tags) {
      const value = randomUUID();
      try {
        await vault.setSecret(name, value, {
          expiresOn: new Date(Date.now() + PROBE_LIFE_MS),
          tags,
        });
        if ((await vault.getSecret(name)) !== value) {
          throw new Rejected(
            `reading back secret ${name}: another value came. Check who else writes to ${vaultUrl}.`,
          );
        }
      } finally {
        await deleteForGood(name);
      }
    },
  };

  async function isLive(name: string): Promise<boolean> {
    return (await orUndefined(vault.getSecret(name))) !== undefined;
  }

  async function isDeleted(name: string): Promise<boolean> {
    const found = await orUndefined(
      azureCall(`reading deleted secret ${name}`, (abortSignal) =>
        client.getDeletedSecret(name, { abortSignal }),
      ),
    );
    return found !== undefined;
  }

  async function deleteForGood(name: string): Promise<void> {
    const deleted = await orUndefined(
      azureCall(
        `deleting secret ${name}`,
        async (abortSignal) => {
          const deletion = await client.beginDeleteSecret(name, { abortSignal, intervalInMs: 250 });
          return deletion.pollUntilDone({ abortSignal });
        },
        { timeoutMs: PROBE_DELETE_TIMEOUT_MS },
      ),
    );
    if (deleted) await vault.purge(name);
  }

  return vault;
}

function tagged({
  id,
  name,
  tags,
}: {
  id?: string;
  name: string;
  tags?: Record<string, string>;
}): TaggedSecret {
  return { id: id ?? name, name, tags: tags ?? {} };
}
