import { afterAll, beforeAll, expect, test } from 'vitest';
import { createResourceManager, type ResourceManager } from '../../../agent/resourceManager.ts';
import { createArm } from '../../../local/azure/arm.ts';
import { ROLES } from '../../../local/azure/roles.ts';
import { WORLD } from '../../../local/world.ts';
import { putResource } from './platform.ts';
import { openStage, type Stage } from './stage.ts';

const GROUP = `/subscriptions/${WORLD.subscriptionId}/resourceGroups/hm-0123abcd-compute-01`;
const AGENT = { oid: 'an agent', appId: 'its application', displayName: 'agent' };

let stage: Stage;
let manager: ResourceManager;

beforeAll(async () => {
  stage = await openStage((cloud) => [createArm(cloud, [])]);
  putResource(stage.cloud, GROUP, 'Microsoft.Resources/resourceGroups', {});
  const group = stage.cloud.resources.get(GROUP);
  if (group) group.tags = { RunId: 'run-1' };
  stage.cloud.authorization.seed(AGENT.oid, ROLES.contributor, GROUP, 'agent');
  process.env.HTTPS_PROXY = stage.proxyUrl;
  manager = createResourceManager(stage.credential(AGENT), WORLD.subscriptionId, 'hm-0123abcd-compute-01');
});

afterAll(async () => {
  delete process.env.HTTPS_PROXY;
  await stage.close();
});

test('an agent keeps its checkpoint on its group and leaves the other tags alone', async () => {
  expect(await manager.readCheckpoint()).toBeUndefined();
  await manager.writeCheckpoint('one');
  await manager.writeCheckpoint('two');
  expect(await manager.readCheckpoint()).toBe('two');
  expect(stage.cloud.resources.get(GROUP)?.tags).toEqual({ RunId: 'run-1', HayMakerProgress: 'two' });
});

test('a value that is too long is refused, as in Azure', async () => {
  await expect(manager.writeCheckpoint('x'.repeat(300))).rejects.toThrow(/InvalidTagValueLength/);
});

test('an agent lists its group, with the times at which things were made', async () => {
  putResource(stage.cloud, `${GROUP}/providers/Microsoft.Compute/disks/d`, 'Microsoft.Compute/disks', {});
  expect(await manager.listGroup()).toEqual([
    {
      id: `${GROUP}/providers/Microsoft.Compute/disks/d`,
      type: 'Microsoft.Compute/disks',
      name: 'd',
      createdAt: expect.any(Number),
    },
  ]);
});

test('an agent may not look at another group', async () => {
  const other = createResourceManager(stage.credential(AGENT), WORLD.subscriptionId, WORLD.platformGroup);
  await expect(other.readCheckpoint()).rejects.toMatchObject({ status: 403 });
});
