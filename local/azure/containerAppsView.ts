import type { Cloud } from './cloud.ts';
import type { Execution } from './containerAppsExecution.ts';
import type { JobBody } from './containerAppsJob.ts';
import { identityPrincipal } from './containerAppsLaunch.ts';
import type { Reply, Request, StoredResource } from './core.ts';

/** Items on one page of a list. */
const PAGE = 20;

/** A job on the wire. */
export function jobView(
  cloud: Cloud,
  job: StoredResource,
  executions: readonly Execution[],
): Record<string, unknown> {
  return {
    id: job.id,
    name: job.name,
    type: job.type,
    location: job.location,
    tags: job.tags,
    ...job.rest,
    systemData: { createdBy: job.createdBy, createdAt: new Date(job.createdAt).toISOString() },
    properties: {
      ...job.properties,
      provisioningState: provisioningState(cloud, job),
      runningState: executions.some((one) => !one.ended) ? 'Progressing' : 'Ready',
    },
  };
}

/** How far the job is. */
export function provisioningState(
  cloud: Cloud,
  job: StoredResource,
): 'Deleting' | 'InProgress' | 'Succeeded' {
  if (job.deletingUntil !== undefined) return 'Deleting';
  return cloud.now() < (job.provisioningUntil ?? 0) ? 'InProgress' : 'Succeeded';
}

/** The identities of a job with what Azure adds to them. */
export function identityView(cloud: Cloud, body: JobBody): Record<string, unknown> {
  const identities = Object.keys(body.identity.userAssignedIdentities).map((id) => {
    const principal = identityPrincipal(cloud, id);
    return [id, { principalId: principal?.oid, clientId: principal?.appId }] as const;
  });
  return { type: body.identity.type, userAssignedIdentities: Object.fromEntries(identities) };
}

/** listSecrets as Azure answers it for Key Vault references; plain values are the caller's own and stay here. */
export function secretNames(body: JobBody | undefined): Record<string, unknown>[] {
  return (body?.properties.configuration.secrets ?? []).map(({ name, keyVaultUrl, identity }) => ({
    name,
    ...(keyVaultUrl ? { keyVaultUrl, identity } : {}),
  }));
}

/** One page of a list with the link to the next one. */
export function page(request: Request, items: unknown[]): Reply {
  const from = Number(request.query.$skiptoken ?? 0);
  const next = from + PAGE;
  const query = new URLSearchParams({ ...request.query, $skiptoken: String(next) });
  return {
    status: 200,
    body: {
      value: items.slice(from, next),
      ...(next < items.length ? { nextLink: `https://${request.host}${request.path}?${query}` } : {}),
    },
  };
}
