import { readFileSync, writeFileSync } from 'node:fs';
import type { Command } from './commands.ts';
import type { Invocation } from './invocation.ts';
import { CliError } from './session.ts';
import type { DataStore, Item } from './store.ts';

const LIVE = 'blob';
const DELETED = 'deleted blob';

/** `az storage blob …` with an account key: the shim's own store; the account itself is in the stand-in. */
export const BLOB_COMMANDS: Readonly<Record<string, Command>> = {
  'storage blob upload': async (invocation, store) => {
    const file = invocation.value('file');
    const content = file ? readFileSync(file) : Buffer.from(invocation.value('data') ?? '');
    return save(invocation, store, invocation.need('name'), content);
  },
  'storage blob upload-batch': async () => [],
  'storage blob delete-batch': async (invocation, store) => {
    const container = invocation.need('source');
    for (const [path] of store.list(LIVE, `${accountOf(invocation)}/${container}/`)) store.remove(LIVE, path);
  },
  'storage blob list': async (invocation, store) => {
    const base = pathOf(invocation, invocation.value('prefix') ?? '');
    const include = invocation.value('include') ?? '';
    const found = store.list(LIVE, base).map(([, blob]) => withoutContent(blob));
    const deleted = /d/.test(include)
      ? store.list(DELETED, base).map(([, blob]) => withoutContent(blob))
      : [];
    return [...found, ...deleted.map((blob) => ({ ...blob, deleted: true }))];
  },
  'storage blob show': async (invocation, store) => withoutContent(find(invocation, store)),
  'storage blob exists': async (invocation, store) => ({
    exists: store.get(LIVE, pathOf(invocation, invocation.need('name'))) !== undefined,
  }),
  'storage blob download': async (invocation, store) => {
    const blob = find(invocation, store);
    writeFileSync(invocation.need('file'), Buffer.from(String(blob.content), 'base64'));
    return withoutContent(blob);
  },
  'storage blob delete': async (invocation, store) => {
    const blob = find(invocation, store);
    const path = pathOf(invocation, String(blob.name));
    store.remove(LIVE, path);
    store.put(DELETED, path, blob);
  },
  'storage blob undelete': async (invocation, store) => {
    const path = pathOf(invocation, invocation.need('name'));
    const blob = store.remove(DELETED, path);
    if (blob) store.put(LIVE, path, blob);
    return { undeleted: null };
  },
  'storage blob update': async (invocation, store) => change(invocation, store),
  'storage blob set-tier': async (invocation, store) => change(invocation, store),
  'storage blob metadata update': async (invocation, store) => change(invocation, store),
  'storage blob service-properties update': async () => ({ staticWebsite: { enabled: true } }),
  'storage blob service-properties show': async () => ({ staticWebsite: { enabled: true } }),
  'storage container create': async () => ({ created: true }),
  'storage container list': async () => [],
  'storage container exists': async () => ({ exists: true }),
};

function accountOf(invocation: Invocation): string {
  return invocation.value('account-name') ?? process.env.AZURE_STORAGE_ACCOUNT ?? '';
}

function pathOf(invocation: Invocation, name: string): string {
  return `${accountOf(invocation)}/${invocation.need('container-name')}/${name}`;
}

function save(invocation: Invocation, store: DataStore, name: string, content: Buffer): Item {
  const blob = {
    name,
    content: content.toString('base64'),
    metadata: invocation.pairs('metadata') ?? {},
    properties: {
      contentLength: content.length,
      lastModified: new Date().toISOString(),
      blobTier: 'Hot',
      contentSettings: {
        contentType: invocation.value('content-type') ?? 'application/octet-stream',
        cacheControl: invocation.value('content-cache', 'content-cache-control') ?? null,
      },
    },
  };
  store.put(LIVE, pathOf(invocation, name), blob);
  return withoutContent(blob);
}

function change(invocation: Invocation, store: DataStore): Item {
  const blob = find(invocation, store);
  const content = Buffer.from(String(blob.content), 'base64');
  return save(invocation, store, String(blob.name), content);
}

function find(invocation: Invocation, store: DataStore): Item {
  const blob = store.get(LIVE, pathOf(invocation, invocation.need('name')));
  if (!blob) throw new CliError('(BlobNotFound) The specified blob does not exist.', 3);
  return blob;
}

function withoutContent({ content: _content, ...blob }: Item): Item {
  return blob;
}
