import type { Cloud } from './cloud.ts';
import type { Principal, Reply, Request, Service } from './core.ts';
import { denied, mayRead } from './graphAccess.ts';
import { createApplication, handleApplication, upsertApplication } from './graphApplications.ts';
import { handleDeletedItems } from './graphDeletedItems.ts';
import { applicationView, servicePrincipalView } from './graphObjects.ts';
import { collection, graphError, notFound } from './graphQuery.ts';
import {
  createServicePrincipal,
  handleServicePrincipal,
  upsertServicePrincipal,
} from './graphServicePrincipals.ts';

/** Microsoft Graph v1.0: the part about applications, service principals and deleted items. */
export function createGraph(cloud: Cloud): Service {
  return {
    name: 'graph',
    hosts: /^graph\.microsoft\.com$/,
    audiences: ['https://graph.microsoft.com'],
    challenge: (_request, reason) =>
      graphError(401, 'InvalidAuthenticationToken', reason ?? 'Access token is empty.'),
    handle(request) {
      const { principal } = request;
      if (!principal) return graphError(401, 'InvalidAuthenticationToken', 'Access token is empty.');
      const reply = refuseTooFast(cloud, principal, request) ?? route(cloud, principal, request);
      return { ...reply, operation: operationOf(request) };
    },
  };
}

/** https://learn.microsoft.com/graph/throttling: 429 with Retry-After. */
function refuseTooFast(cloud: Cloud, caller: Principal, { method }: Request): Reply | undefined {
  const kind = method === 'GET' ? 'graphReads' : 'graphWrites';
  const { admitted, retryAfterSeconds } = cloud.throttle.take(`${kind}/${caller.oid}`, cloud.limits[kind]);
  if (admitted) return undefined;
  const refusal = graphError(429, 'TooManyRequests', 'Too many requests.');
  return { ...refusal, headers: { 'retry-after': String(Math.max(1, Math.ceil(retryAfterSeconds))) } };
}

function route(cloud: Cloud, caller: Principal, request: Request): Reply {
  if (!mayRead(cloud, caller)) return denied();
  const target = parsePath(request.path);
  if (target?.set === 'applications') return applications(cloud, caller, request, target);
  if (target?.set === 'servicePrincipals') return servicePrincipals(cloud, caller, request, target);
  const [, deleted] = /^\/v1\.0\/directory\/deletedItems\/([^/]+)$/i.exec(request.path) ?? [];
  if (deleted) return handleDeletedItems(cloud, caller, request, deleted);
  return graphError(400, 'BadRequest', `Resource not found for the segment '${request.path}'.`);
}

interface Target {
  readonly set: 'applications' | 'servicePrincipals';
  /** `by` is id, appId or uniqueName; undefined for the collection. */
  readonly key: { readonly by: string; readonly value: string } | undefined;
  readonly action: string | undefined;
}

/** Reads /v1.0/applications/{id}/addPassword, /v1.0/servicePrincipals(appId='..') and the like. */
function parsePath(path: string): Target | undefined {
  const match =
    /^\/v1\.0\/(applications|servicePrincipals)(?:\((appId|uniqueName)='((?:[^']|'')*)'\)|\/([^/]+))?(?:\/(?:microsoft\.graph\.)?(\w+))?$/i.exec(
      path,
    );
  if (!match) return undefined;
  const [, set, by, value, id, action] = match;
  return {
    set: set?.toLowerCase() === 'applications' ? 'applications' : 'servicePrincipals',
    key: id ? { by: 'id', value: id } : by && value ? { by, value: value.replaceAll("''", "'") } : undefined,
    action,
  };
}

function applications(cloud: Cloud, caller: Principal, request: Request, target: Target): Reply {
  const { directory } = cloud;
  const { key } = target;
  if (!key) {
    if (request.method === 'POST') return createApplication(cloud, caller, request);
    return collection(request, listed(cloud, directory.applications.values()).map(applicationView));
  }
  if (request.method === 'PATCH' && key.by === 'uniqueName') {
    return upsertApplication(cloud, caller, request, key.value);
  }
  const field = key.by === 'id' ? 'id' : key.by === 'appId' ? 'appId' : 'uniqueName';
  const found = directory.liveApplication((a) => a[field] === key.value);
  if (!found || !directory.isVisible(found)) return notFound(key.value);
  return handleApplication(cloud, caller, request, found, target.action);
}

function servicePrincipals(cloud: Cloud, caller: Principal, request: Request, target: Target): Reply {
  const { directory } = cloud;
  const { key } = target;
  if (!key) {
    if (request.method === 'POST') return createServicePrincipal(cloud, caller, request);
    return collection(request, listed(cloud, directory.servicePrincipals.values()).map(servicePrincipalView));
  }
  if (request.method === 'PATCH' && key.by === 'appId') {
    return upsertServicePrincipal(cloud, caller, request, key.value);
  }
  const found =
    key.by === 'appId'
      ? directory.liveServicePrincipal(key.value)
      : directory.servicePrincipals.get(key.value);
  if (!found || found.deletedAt !== undefined || !directory.isVisible(found)) return notFound(key.value);
  return handleServicePrincipal(cloud, caller, request, found);
}

/** What a list shows: new objects late, and deleted ones for a while longer. */
function listed<T extends { readonly visibleAt: number; deletedAt?: number }>(
  cloud: Cloud,
  objects: Iterable<T>,
): T[] {
  const lag = cloud.delays.graphReplication;
  return [...objects].filter(
    (o) => cloud.directory.isVisible(o) && (o.deletedAt === undefined || o.deletedAt + lag > cloud.now()),
  );
}

function operationOf(request: Request): string {
  const path = request.path
    .replace(/^\/v1\.0/, '')
    .replace(/\('[^']*'\)|\((\w+)='[^']*'\)/, (_all, by) => (by ? `(${by})` : ''))
    .replace(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, '{id}');
  return `Graph ${request.method} ${path}`;
}
