import { z } from 'zod';
import type { Cloud } from './cloud.ts';
import type { Principal, Reply, Request } from './core.ts';
import type { ServicePrincipal } from './directory.ts';
import { denied, mayChange, mayCreate } from './graphAccess.ts';
import { servicePrincipalView } from './graphObjects.ts';
import { graphError, notFound, select } from './graphQuery.ts';

const ServicePrincipalBody = z.object({
  appId: z.string().optional(),
  tags: z.array(z.string()).optional(),
  accountEnabled: z.boolean().optional(),
});

/** POST /servicePrincipals: 400 while the application replicates, 409 when there is one already. */
export function createServicePrincipal(cloud: Cloud, caller: Principal, request: Request): Reply {
  const appId = ServicePrincipalBody.safeParse(request.json).data?.appId;
  if (!appId) return graphError(400, 'Request_BadRequest', "The property 'appId' is missing.");
  if (cloud.directory.liveServicePrincipal(appId)) {
    return graphError(
      409,
      'Request_MultipleObjectsWithSameKeyValue',
      `The service principal cannot be created, updated, or restored because the service principal name ${appId} is already in use.`,
    );
  }
  return create(cloud, caller, request, appId);
}

/**
 * PATCH /servicePrincipals(appId='..') with `Prefer: create-if-missing`: 201 with the new one, 204 when there was one
 * (https://learn.microsoft.com/graph/api/serviceprincipal-upsert).
 */
export function upsertServicePrincipal(
  cloud: Cloud,
  caller: Principal,
  request: Request,
  appId: string,
): Reply {
  const existing = cloud.directory.liveServicePrincipal(appId);
  if (existing) return patch(cloud, caller, request, existing);
  if (!/\bcreate-if-missing\b/.test(request.headers.prefer ?? '')) return notFound(appId);
  return create(cloud, caller, request, appId);
}

function create(cloud: Cloud, caller: Principal, request: Request, appId: string): Reply {
  if (!mayCreate(cloud, caller)) return denied();
  const application = cloud.directory.liveApplication((a) => a.appId === appId);
  if (!application || !cloud.directory.isVisible(application)) {
    return graphError(
      400,
      'Request_BadRequest',
      `The appId '${appId}' of the service principal does not reference a valid application object.`,
    );
  }
  if (!mayChange(cloud, caller, application)) return denied();
  const tags = ServicePrincipalBody.safeParse(request.json).data?.tags ?? [];
  const made = cloud.directory.createServicePrincipal(application, tags, caller.oid);
  return { status: 201, body: servicePrincipalView(made) };
}

function patch(cloud: Cloud, caller: Principal, request: Request, existing: ServicePrincipal): Reply {
  if (!mayChange(cloud, caller, existing)) return denied();
  const body = ServicePrincipalBody.safeParse(request.json ?? {}).data;
  if (!body)
    return graphError(400, 'Request_BadRequest', 'Invalid value for a property of the service principal.');
  if (body.tags) existing.tags = [...body.tags];
  if (body.accountEnabled !== undefined) existing.accountEnabled = body.accountEnabled;
  return { status: 204 };
}

/** GET, PATCH and DELETE of one service principal that the caller can see. */
export function handleServicePrincipal(
  cloud: Cloud,
  caller: Principal,
  request: Request,
  servicePrincipal: ServicePrincipal,
): Reply {
  switch (request.method) {
    case 'GET':
      return { status: 200, body: select(servicePrincipalView(servicePrincipal), request.query.$select) };
    case 'PATCH':
      return patch(cloud, caller, request, servicePrincipal);
    case 'DELETE':
      if (!mayChange(cloud, caller, servicePrincipal)) return denied();
      cloud.directory.softDeleteServicePrincipal(servicePrincipal);
      return { status: 204 };
    default:
      return graphError(
        405,
        'Request_BadRequest',
        `The stand-in knows no ${request.method} ${request.path}.`,
      );
  }
}
