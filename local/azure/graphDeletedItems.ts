import type { Cloud } from './cloud.ts';
import type { Principal, Reply, Request } from './core.ts';
import { denied, mayChange } from './graphAccess.ts';
import { applicationView, servicePrincipalView } from './graphObjects.ts';
import { collection, graphError, notFound } from './graphQuery.ts';

/** /directory/deletedItems: what was deleted less than 30 days ago; deleting it there is final. */
export function handleDeletedItems(cloud: Cloud, caller: Principal, request: Request, key: string): Reply {
  const { applications, servicePrincipals } = cloud.directory;
  const arrived = (object: { deletedAt?: number }) =>
    object.deletedAt !== undefined && object.deletedAt + cloud.delays.graphReplication <= cloud.now();
  switch (key.toLowerCase()) {
    case 'microsoft.graph.application':
      return collection(request, [...applications.values()].filter(arrived).map(applicationView));
    case 'microsoft.graph.serviceprincipal':
      return collection(request, [...servicePrincipals.values()].filter(arrived).map(servicePrincipalView));
  }
  const application = applications.get(key);
  const object = application ?? servicePrincipals.get(key);
  if (object?.deletedAt === undefined) return notFound(key);
  switch (request.method) {
    case 'GET': {
      const servicePrincipal = servicePrincipals.get(key);
      if (application) return { status: 200, body: applicationView(application) };
      return servicePrincipal ? { status: 200, body: servicePrincipalView(servicePrincipal) } : notFound(key);
    }
    case 'DELETE':
      if (!mayChange(cloud, caller, object)) return denied();
      cloud.directory.purge(key);
      return { status: 204 };
    default:
      return graphError(
        405,
        'Request_BadRequest',
        `The stand-in knows no ${request.method} ${request.path}.`,
      );
  }
}
