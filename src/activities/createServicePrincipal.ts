import type { KeyVault } from '../azure/keyVault.ts';
import { roleAssignmentId } from '../azure/roleAssignmentId.ts';
import type { Config } from '../config.ts';
import { isTransient, Missing, NotReadyYet, Rejected } from '../domain/errors.ts';
import { applicationDisplayName, directoryTags, tagsFor } from '../domain/naming.ts';
import { agentRoles } from '../domain/roles.ts';
import type { AgentRef, Step } from '../domain/run.ts';
import type { Services } from '../services.ts';
import type { AgentIdentity, AgentInput, IdentityInput, IdentitySoFar } from './contracts.ts';
import { type IdentityBook, identityBook } from './identityBook.ts';
import { asStep } from './step.ts';

interface Identity {
  readonly objectId: string;
  readonly appId: string;
  /** This very call has made the application. */
  readonly isNew: boolean;
  readonly principal: Principal;
}
interface Principal {
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly madeAt: number;
  /** This very call has made it. */
  readonly isNew: boolean;
}
type Assignments = readonly { id: string; roleDefinitionGuid: string; condition?: string }[];

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
  const { runId } = input.scope;
  const { ledger, runs } = await services.records();
  await runs.begin(runId, 'provisioning', new Date().toISOString());
  const book = identityBook(ledger, input);
  return asStep(
    async () => {
      try {
        return await make(input, services, book);
      } finally {
        await book.close();
      }
    },
    () => book.written(),
  );
}

async function make(input: AgentInput, services: Services, book: IdentityBook): Promise<AgentIdentity> {
  const { agentId, requires = [] } = input.agent;
  refuseWithdrawn(input.agent, services.config);
  const { subscriptionId } = await services.target();
  const groupId = `/subscriptions/${subscriptionId}/resourceGroups/${agentId}`;
  const assignments = agentRoles(requires).map(({ guid: roleDefinitionGuid, condition }) => ({
    id: roleAssignmentId({ scope: groupId, seed: agentId, roleDefinitionGuid }),
    roleDefinitionGuid,
    ...(condition === undefined ? {} : { condition }),
  }));
  await book.intend([
    { kind: 'resource-group', id: groupId },
    { kind: 'application', id: agentId },
    ...assignments.map(({ id }) => ({ kind: 'role-assignment' as const, id })),
    { kind: 'secret', id: agentId },
  ]);
  const [, identity] = await together(
    makeGroup(input, services, book, groupId),
    makeIdentity(input, services, book),
  );
  await together(
    assignRoles(assignments, identity.principal, services, book),
    storeSecret(input, identity, services, book),
  );
  return { appId: identity.appId, principalId: identity.principal.id, secretName: agentId };
}

/** The plan may be hours old: an operator has withdrawn the permission since. */
function refuseWithdrawn({ scenarioId, requires = [] }: AgentRef, { allowPrivileged }: Config): void {
  if (requires.length === 0 || allowPrivileged) return;
  throw new Rejected(`${scenarioId} needs ${requires.join(', ')} and ALLOW_PRIVILEGED_SCENARIOS is false`);
}

async function makeGroup(
  { scope, agent }: AgentInput,
  services: Services,
  book: IdentityBook,
  groupId: string,
): Promise<void> {
  if (book.soFar.group) return;
  const { location } = services.config;
  const tags = tagsFor(scope, agent.scenarioId);
  await (await services.resources()).ensureGroup({ name: agent.agentId, location, tags });
  book.note('resource-group', groupId, { group: true });
}

async function makeIdentity(
  { scope, agent }: AgentInput,
  services: Services,
  book: IdentityBook,
): Promise<Identity> {
  const { agentId, scenarioId } = agent;
  const { soFar } = book;
  const entra = await services.entra();
  const tags = directoryTags(scope.runId, scenarioId, scope.expiresOn);
  const displayName = applicationDisplayName(scope.runId, scenarioId);
  const application = soFar.application
    ? { ...soFar.application, isNew: false }
    : await entra.ensureApplication({ uniqueName: agentId, displayName, tags });
  const { objectId, appId, isNew } = application;
  const ids = { objectId, appId };
  if (!soFar.application) book.note('application', agentId, { application: ids }, ids);
  return { ...ids, isNew, principal: await makePrincipal(agentId, ids, tags, services, book) };
}

async function makePrincipal(
  agentId: string,
  ids: { readonly objectId: string; readonly appId: string },
  tags: string[],
  services: Services,
  book: IdentityBook,
): Promise<Principal> {
  const known = book.soFar.principal;
  if (known) return { ...known, isNew: false };
  const entra = await services.entra();
  const { principalId, isNew } = await entra.ensureServicePrincipal({ appId: ids.appId, tags });
  const principal = { id: principalId, madeAt: Date.now() };
  book.note('application', agentId, { principal }, { ...ids, principalId });
  return { ...principal, isNew };
}

async function assignRoles(
  assignments: Assignments,
  principal: Principal,
  services: Services,
  book: IdentityBook,
): Promise<void> {
  const roles = await services.roleAssignments();
  const replication = roles.replicationSeconds();
  if (principal.isNew && replication > 0) {
    throw new NotReadyYet(`replication of the principal ${principal.id}`, replication);
  }
  for (const assignment of assignments) {
    await roles.ensure({ ...assignment, principalId: principal.id, principalMadeAt: principal.madeAt });
    book.note('role-assignment', assignment.id);
  }
}

async function storeSecret(
  input: AgentInput,
  identity: Identity,
  services: Services,
  book: IdentityBook,
): Promise<void> {
  if (book.soFar.secret) return;
  await ensureSecret(services, input, identity);
  book.note('secret', input.agent.agentId, { secret: true });
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
