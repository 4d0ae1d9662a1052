import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { TableClient } from '@azure/data-tables';
import { BlobServiceClient } from '@azure/storage-blob';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { ROLES } from '../../../local/azure/roles.ts';
import { storagePermission } from '../../../local/azure/storageActions.ts';
import { createStorageFront, type StorageFront } from '../../../local/azure/storageFront.ts';
import { freePort } from '../../../local/stack/ports.ts';
import { IDS, WORLD } from '../../../local/world.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let front: StorageFront;
let azurite: ChildProcess;

beforeAll(async () => {
  const ports = { blob: await freePort(), queue: await freePort(), table: await freePort() };
  stage = await openStage((cloud) => {
    cloud.authorization.seed(WORLD.app.oid, ROLES.storageBlobDataContributor, IDS.storage, 'blobs');
    cloud.authorization.seed(WORLD.app.oid, ROLES.storageTableDataContributor, IDS.storage, 'tables');
    front = createStorageFront(cloud, ports);
    return [front];
  });
  const { certPath, keyPath } = stage.cloud.pki;
  const flags = ['--disableTelemetry', '--silent', '--inMemoryPersistence', '--skipApiVersionCheck'];
  const listen = Object.entries(ports).flatMap(([kind, port]) => [`--${kind}Port`, String(port)]);
  azurite = spawn(
    process.execPath,
    [
      'node_modules/azurite/dist/src/azurite.js',
      ...flags,
      ...listen,
      '--cert',
      certPath,
      '--key',
      keyPath,
      '--oauth',
      'basic',
    ],
    {
      env: {
        ...process.env,
        AZURITE_ACCOUNTS: `${WORLD.storageAccount}:${Buffer.alloc(32, 7).toString('base64')}`,
      },
      stdio: 'ignore',
    },
  );
  await vi.waitFor(
    () =>
      Promise.all(
        Object.values(ports).map(async (port) => {
          const socket = connect(port, '127.0.0.1');
          await once(socket, 'connect');
          socket.destroy();
        }),
      ),
    { timeout: 20_000, interval: 100 },
  );
}, 30_000);

afterAll(async () => {
  const exited = once(azurite, 'exit');
  azurite.kill();
  await exited;
  front.close();
  await stage.close();
});

function blobs(principal: Parameters<Stage['credential']>[0]) {
  return new BlobServiceClient(
    `https://${WORLD.storageAccount}.blob.core.windows.net`,
    stage.credential(principal),
    { ...stage.clientOptions, retryOptions: { maxTries: 1 } },
  );
}

function table(principal: Parameters<Stage['credential']>[0]) {
  return new TableClient(
    `https://${WORLD.storageAccount}.table.core.windows.net`,
    'Runs',
    stage.credential(principal),
    stage.clientOptions,
  );
}

describe('the front of the storage account', () => {
  test('appends to a blob and reads it back', async () => {
    const container = blobs(WORLD.app).getContainerClient('events');
    await container.createIfNotExists();
    const blob = container.getAppendBlobClient('run-1/agent.jsonl');
    await blob.createIfNotExists();
    await blob.appendBlock('{"n":1}\n', 8);
    await blob.appendBlock('{"n":2}\n', 8);
    expect((await blob.downloadToBuffer()).toString()).toBe('{"n":1}\n{"n":2}\n');
    expect((await blob.getProperties()).contentLength).toBe(16);
    const names: string[] = [];
    for await (const { name } of container.listBlobsFlat({ prefix: 'run-1/' })) names.push(name);
    expect(names).toEqual(['run-1/agent.jsonl']);
  });

  test('keeps table rows', async () => {
    const runs = table(WORLD.app);
    await runs.createTable();
    await runs.upsertEntity({ partitionKey: 'runs', rowKey: 'run-1', status: 'running' });
    expect(await runs.getEntity('runs', 'run-1')).toMatchObject({ status: 'running' });
    await runs.deleteEntity('runs', 'run-1');
    await expect(runs.getEntity('runs', 'run-1')).rejects.toMatchObject({ statusCode: 404 });
  });

  test('takes transactions', async () => {
    const runs = table(WORLD.app);
    await runs.createTable();
    const row = (n: number) => ({ partitionKey: 'runs', rowKey: `row-${n}`, n });
    await runs.submitTransaction([
      ['upsert', row(1), 'Merge'],
      ['upsert', row(2), 'Merge'],
    ]);
    expect(await runs.getEntity('runs', 'row-2')).toMatchObject({ n: 2 });
  });

  test('refuses who has no role on the data', async () => {
    const stranger = blobs(WORLD.eventsIdentity).getContainerClient('events');
    await expect(stranger.getBlobClient('run-1/agent.jsonl').download()).rejects.toMatchObject({
      statusCode: 403,
      code: 'AuthorizationPermissionMismatch',
    });
    await expect(table(WORLD.eventsIdentity).getEntity('runs', 'run-1')).rejects.toMatchObject({
      statusCode: 403,
      message: expect.stringContaining('AuthorizationPermissionMismatch'),
    });
  });

  test('requests are counted by what they do', () => {
    expect(stage.cloud.calls.counts().byOperation).toMatchObject({
      'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write': expect.any(Number),
      'Microsoft.Storage/storageAccounts/tableServices/tables/entities/read': expect.any(Number),
    });
  });

  test.each([
    ['blob', 'PUT', '/c', { restype: 'container' }, 'blobServices/containers/write', 'action'],
    ['blob', 'GET', '/c', { restype: 'container', comp: 'list' }, 'containers/blobs/read', 'dataAction'],
    ['blob', 'DELETE', '/c/b', {}, 'containers/blobs/delete', 'dataAction'],
    ['blob', 'POST', '/', { comp: 'userdelegationkey' }, 'generateUserDelegationKey/action', 'action'],
    ['table', 'POST', '/Tables', {}, 'tableServices/tables/write', 'action'],
    ['table', 'PATCH', "/Runs(PartitionKey='a',RowKey='b')", {}, 'entities/update/action', 'dataAction'],
    ['queue', 'GET', '/q/messages', {}, 'messages/process/action', 'dataAction'],
    ['queue', 'PUT', '/q', {}, 'queueServices/queues/write', 'action'],
  ] as const)('%s %s %s needs its own permission', (kind, method, path, query, action, permissionKind) => {
    const permission = storagePermission(kind, { method, path, query });
    expect(permission.action.endsWith(action)).toBe(true);
    expect(permission.kind).toBe(permissionKind);
  });
});
