import { ContainerRegistryContentClient, KnownContainerRegistryAudience } from '@azure/container-registry';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRegistry, type Registry } from '../../../local/azure/registry.ts';
import { ROLES } from '../../../local/azure/roles.ts';
import { IDS, WORLD } from '../../../local/world.ts';
import { openStage, type Stage } from './stage.ts';

let stage: Stage;
let registry: Registry;
const [repository = '', tag = ''] = WORLD.image.split(':');

beforeAll(async () => {
  stage = await openStage((cloud) => {
    cloud.authorization.seed(WORLD.agentIdentity.oid, ROLES.acrPull, IDS.registry, 'pull');
    registry = createRegistry(cloud);
    return [registry];
  });
});

afterAll(() => stage.close());

function client(principal: Parameters<Stage['credential']>[0], name = repository) {
  return new ContainerRegistryContentClient(`https://${WORLD.registry}`, name, stage.credential(principal), {
    ...stage.clientOptions,
    audience: KnownContainerRegistryAudience.AzureResourceManagerPublicCloud,
  });
}

describe('the container registry', () => {
  test('hands out a manifest by tag and by digest', async () => {
    const byTag = await client(WORLD.agentIdentity).getManifest(tag);
    expect(byTag.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    const byDigest = await client(WORLD.agentIdentity).getManifest(byTag.digest);
    expect(byDigest.mediaType).toBe('application/vnd.oci.image.manifest.v1+json');
  });

  test('says which tag is missing', async () => {
    await expect(client(WORLD.agentIdentity).getManifest('9.9.9')).rejects.toMatchObject({
      statusCode: 404,
      message: expect.stringContaining('MANIFEST_UNKNOWN'),
    });
  });

  test('lets nobody pull without the role', async () => {
    await expect(client(WORLD.eventsIdentity).getManifest(tag)).rejects.toMatchObject({ statusCode: 401 });
  });

  test('tells Container Apps why an image cannot be pulled', () => {
    const image = `${WORLD.registry}/${WORLD.image}`;
    expect(registry.pullProblem(WORLD.agentIdentity, image)).toBeUndefined();
    expect(registry.pullProblem(WORLD.eventsIdentity, image)).toMatch(/^UNAUTHORIZED/);
    expect(registry.pullProblem(WORLD.agentIdentity, `${image}-x`)).toMatch(/^MANIFEST_UNKNOWN/);
    expect(registry.pullProblem(WORLD.agentIdentity, 'docker.io/library/alpine')).toMatch(/no registry/);
  });
});
