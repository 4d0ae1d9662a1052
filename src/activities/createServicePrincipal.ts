import { roleAssignmentId } from '../azure/roleAssignmentId.ts';
import { Missing, Rejected } from '../domain/errors.ts';
import type { LedgerKind } from '../domain/ledger.ts';
import { applicationDisplayName, directoryTags, tagsFor } from '../domain/naming.ts';
import { agentRoles } from '../domain/roles.ts';
import type { Step } from '../domain/run.ts';
import type { Services } from '../services.ts';
import type { AgentIdentity, AgentInput } from './contracts.ts';
import { asStep } from './step.ts';

/**
 * Makes an agent's resource group and its identity: application, service principal, Contributor on the group and
 * what its scenario requires besides, and a client secret that expires with the run and goes straight into Key Vault. Each thing is written
 * into the ledger before it is made, and found instead of made again when this is called again.
 */
export async function createServicePrincipal(
  input: AgentInput,
  services: Services,
): Promise<Step<AgentIdentity>> {
  const { scope, agent } = input;
  const { runId, expiresOn } = scope;
  const { agentId, scenarioId, requires = [] } = agent;
  const { ledger, runs } = await services.records();
  await runs.begin(runId, 'provisioning', new Date().toISOString());

  const intend = (kind: LedgerKind, id: string) =>
    ledger.intend({ runId, agentId, kind, id, source: 'orchestrator', at: new Date().toISOString() });
  const made = (
    kind: LedgerKind,
    id: string,
    directory?: { objectId?: string; appId?: string; principalId?: string },
  ) => ledger.note(runId, kind, id, { state: 'created', ...(directory ? { directory } : {}) });

  return asStep(async () => {
    // The plan may be hours old: an operator has withdrawn the permission since.
    if (requires.length > 0 && !services.config.allowPrivileged) {
      throw new Rejected(
        `${scenarioId} needs ${requires.join(', ')} and ALLOW_PRIVILEGED_SCENARIOS is false`,
      );
    }
    const { subscriptionId } = await services.target();
    const groupId = `/subscriptions/${subscriptionId}/resourceGroups/${agentId}`;
    await intend('resource-group', groupId);
    const resources = await services.resources();
    await resources.ensureGroup({
      name: agentId,
      location: services.config.location,
      tags: tagsFor(scope, scenarioId),
    });
    await made('resource-group', groupId);

    const entra = await services.entra();
    const tags = directoryTags(runId, scenarioId, expiresOn);
    await intend('application', agentId);
    const displayName = applicationDisplayName(runId, scenarioId);
    const { objectId, appId } = await entra.ensureApplication({ uniqueName: agentId, displayName, tags });
    await made('application', agentId, { objectId, appId });
    const { principalId } = await entra.ensureServicePrincipal({ appId, tags });
    await made('application', agentId, { objectId, appId, principalId });

    const roles = await services.roleAssignments();
    for (const { guid: roleDefinitionGuid, condition } of agentRoles(requires)) {
      const id = roleAssignmentId({ scope: groupId, seed: agentId, roleDefinitionGuid });
      await intend('role-assignment', id);
      await roles.ensure({
        id,
        principalId,
        roleDefinitionGuid,
        ...(condition === undefined ? {} : { condition }),
      });
      await made('role-assignment', id);
    }

    await intend('secret', agentId);
    await ensureSecret(services, input, objectId);
    await made('secret', agentId);
    return { appId, principalId, secretName: agentId };
  });
}

/** A secret that is in the vault works: it was stored right after it was issued. Otherwise earlier ones are revoked. */
async function ensureSecret(
  services: Services,
  { scope, agent }: AgentInput,
  applicationObjectId: string,
): Promise<void> {
  const vault = await services.keyVault();
  try {
    await vault.getSecret(agent.agentId);
    return;
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
  }
  const entra = await services.entra();
  const value = await entra.replacePassword(applicationObjectId, {
    displayName: agent.agentId,
    endsAt: scope.expiresOn,
  });
  await vault.setSecret(agent.agentId, value, {
    expiresOn: new Date(scope.expiresOn),
    tags: tagsFor(scope, agent.scenarioId),
  });
}
