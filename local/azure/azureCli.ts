import type { Reply, Request } from './core.ts';

const USER_AGENT = /\bAZURECLI\//;
/** What Azure deletes before it answers. */
const GONE_AT_ONCE =
  /\/(?:storageAccounts|userAssignedIdentities|serverfarms|metricAlerts|diagnosticSettings|federatedIdentityCredentials|managementPolicies|actionGroups)\/[^/]+$/i;
const POLL_SECONDS = '1';

/** True for a request of the real Azure CLI, which says so in its user agent. */
export function isAzureCli({ headers }: Pick<Request, 'headers'>): boolean {
  return USER_AGENT.test(headers['user-agent'] ?? '');
}

/**
 * The answer as the Azure CLI's clients need it. They ask again after half a minute unless they are told otherwise; and each
 * knows only the status that its service sends, which for most is 200, where the stand-in says that it has created
 * something, or that it is deleting it.
 */
export function forAzureCli(request: Request, reply: Reply): Reply {
  if (!isAzureCli(request)) return reply;
  const { headers = {} } = reply;
  const isUnfinished =
    'azure-asyncoperation' in headers || 'location' in headers || /\/operationStatuses\//i.test(request.path);
  return {
    ...reply,
    status: isDone(request, reply) ? 200 : reply.status,
    headers: isUnfinished ? { 'retry-after': POLL_SECONDS, ...headers } : headers,
  };
}

function isDone({ method, path }: Request, { status }: Reply): boolean {
  return (
    (method === 'PUT' && status === 201) || (status === 202 && method === 'DELETE' && GONE_AT_ONCE.test(path))
  );
}
