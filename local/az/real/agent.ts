import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { agentRoles } from '../../../src/domain/roles.ts';
import type { Privilege } from '../../../src/domain/scenario.ts';
import { ROLES } from '../../azure/roles.ts';
import type { StandIn } from '../../azure/standin.ts';
import { WORLD } from '../../world.ts';

export interface SignedOutAgent {
  /** The environment in which its commands run, with a configuration of the CLI of its own below `home`. */
  readonly env: Readonly<Record<string, string>>;
  /** The command that signs it in. */
  readonly signIn: string;
}

/** Gives a stand-in what the app gives an agent: a resource group, an identity and its roles. Nobody has signed in yet. */
export function signedOutAgent(
  { state, addresses }: StandIn,
  { group, home, requires = [] }: { group: string; home: string; requires?: readonly Privilege[] },
): SignedOutAgent {
  const groupId = `/subscriptions/${WORLD.subscriptionId}/resourceGroups/${group}`;
  state.resources.put({
    id: groupId,
    name: group,
    type: 'Microsoft.Resources/resourceGroups',
    location: WORLD.location,
    tags: {},
    properties: {},
    rest: {},
    createdAt: state.now(),
    createdBy: 'platform',
  });
  const application = state.directory.createApplication({ displayName: group }, WORLD.app.oid);
  const principal = state.directory.createServicePrincipal(application, [], WORLD.app.oid);
  const { secretText } = state.directory.addPassword(application, {});
  for (const { guid, condition } of agentRoles(requires)) {
    const role = Object.values(ROLES).find((known) => known.guid === guid);
    if (role) state.authorization.seed(principal.id, role, groupId, randomUUID(), condition);
  }
  const secret = path.join(home, 'secret');
  writeFileSync(secret, secretText, { mode: 0o600 });
  const { proxyUrl, caPath } = addresses;
  return {
    signIn: `az login --service-principal --username ${application.appId} --password "@${secret}" --tenant ${WORLD.tenantId} --output none`,
    env: {
      PATH: `${path.join(home, 'bin')}:${process.env.PATH}`,
      HOME: home,
      TMPDIR: home,
      AZURE_CONFIG_DIR: path.join(home, '.azure'),
      AZURE_CORE_NO_COLOR: '1',
      HTTPS_PROXY: proxyUrl,
      HTTP_PROXY: proxyUrl,
      http_proxy: proxyUrl,
      NO_PROXY: '127.0.0.1,localhost',
      REQUESTS_CA_BUNDLE: caPath,
      CURL_CA_BUNDLE: caPath,
      RESOURCE_GROUP: group,
      AGENT_ID: group,
      LOCATION: WORLD.location,
      NAME_PREFIX: 'hm0f1e2d3c',
      TAGS: 'AzureHayMaker-managed=true RunId=real-az',
      RUN_ID: 'real-az',
      SUBSCRIPTION_ID: WORLD.subscriptionId,
      AZURE_SUBSCRIPTION_ID: WORLD.subscriptionId,
      AZURE_TENANT_ID: WORLD.tenantId,
    },
  };
}
