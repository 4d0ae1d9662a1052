/** The permission that one storage request needs. */
export interface StoragePermission {
  readonly action: string;
  /** Containers, tables and queues themselves are governed by actions, what is in them by data actions. */
  readonly kind: 'action' | 'dataAction';
}

export type StorageKind = 'blob' | 'table' | 'queue';

interface StorageRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
}

const ACCOUNT = 'Microsoft.Storage/storageAccounts';

/**
 * Which permission a request to the blob, table or queue service needs:
 * https://learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory
 */
export function storagePermission(kind: StorageKind, request: StorageRequest): StoragePermission {
  switch (kind) {
    case 'blob':
      return blobPermission(request);
    case 'table':
      return tablePermission(request);
    case 'queue':
      return queuePermission(request);
  }
}

function blobPermission({ method, path, query }: StorageRequest): StoragePermission {
  const containers = `${ACCOUNT}/blobServices/containers`;
  if (query.comp === 'userdelegationkey') {
    return { action: `${ACCOUNT}/blobServices/generateUserDelegationKey/action`, kind: 'action' };
  }
  const [, , blob] = path.split('/');
  if (blob || (query.restype === 'container' && query.comp === 'list')) {
    return { action: `${containers}/blobs/${verb(method)}`, kind: 'dataAction' };
  }
  return { action: `${containers}/${verb(method)}`, kind: 'action' };
}

function tablePermission({ method, path }: StorageRequest): StoragePermission {
  const tables = `${ACCOUNT}/tableServices/tables`;
  if (/^\/Tables\b/i.test(path)) return { action: `${tables}/${verb(method)}`, kind: 'action' };
  const entityVerbs: Record<string, string> = {
    GET: 'read',
    POST: 'add/action',
    PUT: 'update/action',
    PATCH: 'update/action',
    MERGE: 'update/action',
    DELETE: 'delete',
  };
  const entityVerb = path === '/$batch' ? 'write' : (entityVerbs[method] ?? 'write');
  return { action: `${tables}/entities/${entityVerb}`, kind: 'dataAction' };
}

function queuePermission({ method, path, query }: StorageRequest): StoragePermission {
  const queues = `${ACCOUNT}/queueServices/queues`;
  const [, , messages] = path.split('/');
  if (!messages) return { action: `${queues}/${verb(method)}`, kind: 'action' };
  const peeks = method === 'GET' && query.peekonly === 'true';
  const messageVerb =
    method === 'GET' && !peeks ? 'process/action' : method === 'POST' ? 'write' : verb(method);
  return { action: `${queues}/messages/${messageVerb}`, kind: 'dataAction' };
}

function verb(method: string): 'read' | 'delete' | 'write' {
  if (method === 'GET' || method === 'HEAD') return 'read';
  return method === 'DELETE' ? 'delete' : 'write';
}
