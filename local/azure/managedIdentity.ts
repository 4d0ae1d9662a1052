import type { Cloud } from './cloud.ts';
import type { Reply, Request } from './core.ts';
import { playFault } from './faults.ts';
import { audienceOf } from './tokens.ts';

/** How the call log and faults name the endpoint. */
const HOST = 'identity-endpoint';

/**
 * The managed identity endpoint of App Service and Container Apps:
 * https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference
 * Undefined when a fault cuts the connection.
 */
export async function handleManagedIdentity(cloud: Cloud, request: Request): Promise<Reply | undefined> {
  const fault = cloud.faults.take(`${request.method} ${HOST}${request.path}`);
  const spoiled = fault && fault.kind !== 'lostAnswer' ? fault : undefined;
  const reply = spoiled ? await playFault(spoiled) : await token(cloud, request);
  const lost = reply === undefined || fault?.kind === 'lostAnswer';
  cloud.calls.add({
    at: cloud.now(),
    service: 'managed-identity',
    method: request.method,
    host: HOST,
    path: request.path,
    operation: 'ManagedIdentity/token',
    principal: undefined,
    status: lost ? 0 : reply.status,
  });
  return lost ? undefined : reply;
}

async function token(cloud: Cloud, request: Request): Promise<Reply> {
  if (request.path !== '/msi/token') return refuse(404, `No endpoint at '${request.path}'.`);
  const header = request.headers['x-identity-header'] ?? '';
  if (!cloud.identities.knows(header)) {
    return refuse(401, 'The header X-IDENTITY-HEADER is missing or does not belong to a running app.');
  }
  const { resource } = request.query;
  if (!resource) return refuse(400, "The query parameter 'resource' is missing.");
  const identity = cloud.identities.find(header, selectorOf(cloud, request.query));
  if (!identity) {
    return refuse(
      400,
      'No User Assigned or Delegated Managed Identity found for specified ClientId/ResourceId/PrincipalId.',
    );
  }
  const issued = await cloud.tokens.issue(identity, audienceOf(resource));
  return {
    status: 200,
    body: {
      access_token: issued.token,
      expires_on: String(issued.expiresOn),
      resource,
      token_type: 'Bearer',
      client_id: identity.appId,
    },
  };
}

function selectorOf(cloud: Cloud, query: Request['query']): { appId?: string; oid?: string } {
  if (query.client_id) return { appId: query.client_id };
  const oid = query.principal_id ?? query.object_id;
  if (oid) return { oid };
  const resourceId = query.mi_res_id ?? query.msi_res_id;
  if (!resourceId) return {};
  const principalId = cloud.resources.get(resourceId)?.properties.principalId;
  return { oid: typeof principalId === 'string' ? principalId : `unknown identity ${resourceId}` };
}

function refuse(status: number, message: string): Reply {
  return { status, body: { statusCode: status, message } };
}
