import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Command } from './commands.ts';
import type { Invocation } from './invocation.ts';
import { CliError } from './session.ts';
import type { DataStore, Item } from './store.ts';

const LIVE = 'secret';
const DELETED = 'deleted secret';

/** `az keyvault secret …`: versions of secrets and their recoverable remains, in the shim's own store. */
export const KEY_VAULT_COMMANDS: Readonly<Record<string, Command>> = {
  'keyvault secret set': async (invocation, store) => {
    const file = invocation.value('file');
    const value = file ? readFileSync(file, 'utf8') : (invocation.value('value') ?? '');
    const now = new Date().toISOString();
    const vault = vaultOf(invocation);
    const name = invocation.need('name');
    const id = `https://${vault}.vault.azure.net/secrets/${name}/${randomUUID().replaceAll('-', '')}`;
    const secret = {
      id,
      name,
      value,
      tags: invocation.pairs('tags') ?? null,
      contentType: null,
      attributes: { enabled: true, created: now, updated: now, expires: invocation.value('expires') ?? null },
    };
    store.put(LIVE, id, secret);
    return secret;
  },
  'keyvault secret show': async (invocation, store) => latest(invocation, store),
  'keyvault secret list': async (invocation, store) => {
    const newest = new Map(versions(invocation, store).map(([, secret]) => [String(secret.name), secret]));
    return [...newest.values()].map(withoutValue);
  },
  'keyvault secret list-versions': async (invocation, store) =>
    versions(invocation, store, invocation.need('name')).map(([, secret]) => withoutValue(secret)),
  'keyvault secret set-attributes': async (invocation, store) => {
    const before = latest(invocation, store);
    const { enabled = true } = Object(before.attributes);
    const secret = {
      ...before,
      contentType: invocation.value('content-type') ?? before.contentType,
      tags: invocation.pairs('tags') ?? before.tags,
      attributes: {
        ...Object(before.attributes),
        enabled: invocation.has('enabled') ? invocation.flag('enabled') : enabled,
        expires: invocation.value('expires') ?? Object(before.attributes).expires ?? null,
      },
    };
    store.put(LIVE, String(before.id), secret);
    return withoutValue(secret);
  },
  'keyvault secret download': async (invocation, store) => {
    writeFileSync(invocation.need('file'), String(latest(invocation, store).value), { flag: 'wx' });
  },
  'keyvault secret backup': async (invocation, store) => {
    writeFileSync(invocation.need('file'), `backup of ${String(latest(invocation, store).id)}`, {
      flag: 'wx',
    });
  },
  'keyvault secret delete': async (invocation, store) => {
    const secret = latest(invocation, store);
    move(invocation, store, LIVE, DELETED);
    return { ...withoutValue(secret), deletedDate: new Date().toISOString() };
  },
  'keyvault secret list-deleted': async (invocation, store) =>
    store.list(DELETED, prefixOf(invocation)).map(([, secret]) => withoutValue(secret)),
  'keyvault secret show-deleted': async (invocation, store) =>
    withoutValue(latest(invocation, store, DELETED)),
  'keyvault secret recover': async (invocation, store) => {
    const secret = latest(invocation, store, DELETED);
    move(invocation, store, DELETED, LIVE);
    return withoutValue(secret);
  },
  'keyvault secret purge': async (invocation, store) => {
    latest(invocation, store, DELETED);
    for (const [id] of versions(invocation, store, invocation.need('name'), DELETED))
      store.remove(DELETED, id);
  },
};

function vaultOf(invocation: Invocation): string {
  return invocation.value('vault-name') ?? new URL(invocation.need('id')).hostname.split('.')[0] ?? '';
}

function prefixOf(invocation: Invocation, name = ''): string {
  return `https://${vaultOf(invocation)}.vault.azure.net/secrets/${name ? `${name}/` : ''}`;
}

function versions(
  invocation: Invocation,
  store: DataStore,
  name = '',
  kind = LIVE,
): (readonly [string, Item])[] {
  return store.list(kind, prefixOf(invocation, name));
}

function latest(invocation: Invocation, store: DataStore, kind = LIVE): Item {
  const id = invocation.value('id');
  const found = id
    ? store.get(kind, id)
    : versions(invocation, store, invocation.need('name'), kind).at(-1)?.[1];
  if (found) return found;
  const name = id ?? invocation.value('name');
  throw new CliError(`(SecretNotFound) A secret with (name/id) ${name} was not found in this key vault.`, 3);
}

function move(invocation: Invocation, store: DataStore, from: string, to: string): void {
  for (const [id, secret] of versions(invocation, store, invocation.need('name'), from)) {
    store.remove(from, id);
    store.put(to, id, secret);
  }
}

function withoutValue({ value: _value, ...secret }: Item): Item {
  return secret;
}
