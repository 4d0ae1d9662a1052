import { MANAGED_TAG, NAME_PREFIX, RUN_TAG, runKey } from '../../src/domain/naming.ts';
import type { Cloud } from './cloud.ts';
import type { StoredResource } from './core.ts';
import type { Application, ServicePrincipal } from './directory.ts';
import type { SecretStore } from './keyVaultStore.ts';
import { tagValue } from './resourceView.ts';

/** Something that exists and should not, once a run is over. */
export interface LeftInCloud {
  readonly kind:
    | 'resource'
    | 'role-assignment'
    | 'application'
    | 'service-principal'
    | 'deleted-application'
    | 'deleted-service-principal'
    | 'secret'
    | 'deleted-secret'
    | 'soft-deleted';
  readonly id: string;
  readonly name: string;
  /** Its deletion is under way. */
  readonly deleting: boolean;
}

/**
 * Everything in the cloud that belongs to a run, or to any run without `runId`. Reads the state itself, not the APIs
 * that the app uses, so that neither a lag nor a missing permission can hide anything. Deleted Log Analytics workspaces do not count: Azure
 * forgets them by itself and offers no purge.
 */
export function findLeftovers(cloud: Cloud, secrets: SecretStore, runId?: string): LeftInCloud[] {
  const key = runId === undefined ? undefined : runKey(runId);
  const prefixes = key === undefined ? [NAME_PREFIX] : [`${NAME_PREFIX}${key}-`, `hm${key}`];
  const tag = runId === undefined ? `${MANAGED_TAG}:true` : `${RUN_TAG}:${runId}`;
  const namedByRun = (name: string) => prefixes.some((p) => name.toLowerCase().startsWith(p));

  const isTagged = (r: StoredResource) =>
    runId === undefined ? tagValue(r, MANAGED_TAG) === 'true' : tagValue(r, RUN_TAG) === runId;

  const resources = cloud.resources
    .list((r) => isTagged(r) || r.id.split('/').some(namedByRun))
    .map((r) => left('resource', r.id, r.name, r.deletingUntil !== undefined));

  const applications = [...cloud.directory.applications.values()].filter(
    (a) => a.tags.includes(tag) || namedByRun(a.uniqueName ?? ''),
  );
  const appIds = new Set(applications.map((a) => a.appId));
  const displayName = key === undefined ? /^AzureHayMaker-/ : new RegExp(`^AzureHayMaker-.*-${key}-admin$`);
  const principals = [...cloud.directory.servicePrincipals.values()].filter(
    (sp) => sp.tags.includes(tag) || appIds.has(sp.appId) || displayName.test(sp.displayName),
  );
  const principalIds = new Set(principals.map((sp) => sp.id));

  return [
    ...resources,
    ...applications.map((a) => leftInDirectory('application', a)),
    ...principals.map((sp) => leftInDirectory('service-principal', sp)),
    // An assignment to nobody cannot be told apart by run any more: it counts for every run.
    ...cloud.authorization
      .list((a) => principalIds.has(a.principalId) || !cloud.directory.servicePrincipals.has(a.principalId))
      .map((a) => left('role-assignment', a.id, a.name, false)),
    ...cloud.softDeletions
      .list()
      .filter(
        ({ id, resource: r }) =>
          !id.includes('/deletedWorkspaces/') && (isTagged(r) || r.id.split('/').some(namedByRun)),
      )
      .map(({ id, resource, purgedAt }) => left('soft-deleted', id, resource.name, purgedAt !== undefined)),
    ...secrets
      .list()
      .filter((s) => namedByRun(s.name))
      .map((s) => left('secret', s.name, s.name, false)),
    ...secrets
      .allDeleted()
      .filter((s) => namedByRun(s.name) && s.purgedAt === undefined)
      .map((s) => left('deleted-secret', s.name, s.name, false)),
  ];
}

function left(kind: LeftInCloud['kind'], id: string, name: string, deleting: boolean): LeftInCloud {
  return { kind, id, name, deleting };
}

function leftInDirectory(
  kind: 'application' | 'service-principal',
  object: Application | ServicePrincipal,
): LeftInCloud {
  const state = object.deletedAt === undefined ? kind : (`deleted-${kind}` as const);
  return left(state, object.id, object.displayName, false);
}
