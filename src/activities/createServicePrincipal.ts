import type { KeyVault } from '../azure/keyVault.ts';
import { roleAssignmentId } from '../azure/roleAssignmentId.ts';
import { isTransient, Missing, NotReadyYet, Rejected } from '../domain/errors.ts';
import type { LedgerChange, LedgerEntry, LedgerKind } from '../domain/ledger.ts';
import { applicationDisplayName, directoryTags, tagsFor } from '../domain/naming.ts';
import { agentRoles } from '../domain/roles.ts';
import type { Step } from '../domain/run.ts';
import type { Services } from '../services.ts';
import type { AgentIdentity, AgentInput, IdentityInput, IdentitySoFar } from './contracts.ts';
import { asStep } from './step.ts';

/**
 * Makes an agent's resource group and its identity: application, service principal, Contributor on the group and
 * what its scenario requires besides, and a client secret that expires with the run and goes straight into Key Vault. Each
 * thing is written into the ledger before it is made, and found instead of made again when this is called again; what
 * `soFar` has is not even looked for.
 */
export async function createServicePrincipal(
  input: IdentityInput,
  services: Services,
): Promise<Step<AgentIdentity, IdentitySoFar>> {
  const { scope, agent, soFar = {} } = input;
  const { runId, expiresOn } = scope;
  const { agentId, scenarioId, requires = [] } = agent;
  const { ledger, runs } = await services.records();
  await runs.begin(runId, 'provisioning', new Date().toISOString());

  /** What is there, and which of it this call has made. */
  let made = soFar;
  const created: LedgerChange[] = [];
  const note = (kind: LedgerKind, id: string, news: IdentitySoFar, directory?: LedgerEntry['directory']) => {
    made = { ...made, ...news };
    created.push({ runId, kind, id, change: { state: 'created', ...(directory ? { directory } : {}) } });
  };
  /** `made`, once it stands in the ledger, too; undefined while not even the intent does. */
  let written = input.soFar;

  async function work(): Promise<AgentIdentity> {
    // The plan may be hours old: an operator has withdrawn the permission since.
    if (requires.length > 0 && !services.config.allowPrivileged) {
      throw new Rejected(
        `${scenarioId} needs ${requires.join(', ')} and ALLOW_PRIVILEGED_SCENARIOS is false`,
      );
    }
    const { subscriptionId } = await services.target();
    const groupId = `/subscriptions/${subscriptionId}/resourceGroups/${agentId}`;
    const assignments = agentRoles(requires).map(({ guid: roleDefinitionGuid, condition }) => ({
      id: roleAssignmentId({ scope: groupId, seed: agentId, roleDefinitionGuid }),
      roleDefinitionGuid,
      ...(condition === undefined ? {} : { condition }),
    }));
    if (!written) {
      const intent = { runId, agentId, source: 'orchestrator', at: new Date().toISOString() } as const;
      await ledger.intend(
        { ...intent, kind: 'resource-group', id: groupId },
        { ...intent, kind: 'application', id: agentId },
        ...assignments.map(({ id }) => ({ ...intent, kind: 'role-assignment' as const, id })),
        { ...intent, kind: 'secret', id: agentId },
      );
      written = soFar;
    }

    const makeGroup = async (): Promise<void> => {
      if (soFar.group) return;
      const { location } = services.config;
      await (await services.resources()).ensureGroup({
        name: agentId,
        location,
        tags: tagsFor(scope, scenarioId),
      });
      note('resource-group', groupId, { group: true });
    };
    const makeIdentity = async () => {
      const entra = await services.entra();
      const tags = directoryTags(runId, scenarioId, expiresOn);
      const displayName = applicationDisplayName(runId, scenarioId);
      const application = soFar.application
        ? { ...soFar.application, isNew: false }
        : await entra.ensureApplication({ uniqueName: agentId, displayName, tags });
      const { objectId, appId, isNew } = application;
      const ids = { objectId, appId };
      if (!soFar.application) note('application', agentId, { application: ids }, ids);
      const principal = soFar.principalId
        ? { principalId: soFar.principalId, isNew: false }
        : await entra.ensureServicePrincipal({ appId, tags });
      const { principalId } = principal;
      if (!soFar.principalId) note('application', agentId, { principalId }, { ...ids, principalId });
      return { ...ids, isNew, principalId, isNewPrincipal: principal.isNew };
    };
    const [, identity] = await together(makeGroup(), makeIdentity());

    const assignRoles = async (): Promise<void> => {
      const roles = await services.roleAssignments();
      const replication = roles.replicationSeconds();
      if (identity.isNewPrincipal && replication > 0) {
        throw new NotReadyYet(`replication of the principal of ${agentId}`, replication);
      }
      for (const assignment of assignments) {
        await roles.ensure({ ...assignment, principalId: identity.principalId });
        note('role-assignment', assignment.id, {});
      }
    };
    const storeSecret = async (): Promise<void> => {
      if (soFar.secret) return;
      await ensureSecret(services, input, identity);
      note('secret', agentId, { secret: true });
    };
    await together(assignRoles(), storeSecret());
    return { appId: identity.appId, principalId: identity.principalId, secretName: agentId };
  }

  return asStep(
    async () => {
      try {
        return await work();
      } finally {
        await ledger.noteAll(created);
        if (written) written = made;
      }
    },
    () => written,
  );
}

/**
 * Both results, when both have ended: nothing may go on after the activity has answered. Rejects with the first failure;
 * one that a later try may not have gives way to one that stays.
 */
async function together<A, B>(first: Promise<A>, second: Promise<B>): Promise<[A, B]> {
  const ended = await Promise.allSettled([first, second]);
  const failures = ended.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []));
  if (failures.length > 0) throw failures.find((failure) => !isTransient(failure)) ?? failures[0];
  return Promise.all([first, second]);
}

/** A secret that is in the vault works: it was stored right after it was issued. Otherwise earlier ones are revoked. */
async function ensureSecret(
  services: Services,
  { scope, agent }: AgentInput,
  { objectId, isNew }: { readonly objectId: string; readonly isNew: boolean },
): Promise<void> {
  const vault = await services.keyVault();
  // A secret for an application that was made a moment ago cannot be there, or is that of another.
  if (!isNew && (await hasSecret(vault, agent.agentId))) return;
  const password = { displayName: agent.agentId, endsAt: scope.expiresOn };
  const value = await (await services.entra()).replacePassword(objectId, password, isNew);
  await vault.setSecret(agent.agentId, value, {
    expiresOn: new Date(scope.expiresOn),
    tags: tagsFor(scope, agent.scenarioId),
  });
}

async function hasSecret(vault: KeyVault, name: string): Promise<boolean> {
  try {
    await vault.getSecret(name);
    return true;
  } catch (error) {
    if (error instanceof Missing) return false;
    throw error;
  }
}
