import type { Reply, Request } from './core.ts';

const USER_AGENT = /\bAZURECLI\//;
const STORAGE_ACCOUNT = /\/providers\/Microsoft\.Storage\/storageAccounts\/[^/]+$/i;
const POLL_SECONDS = '1';

/** True for a request of the real Azure CLI, which says so in its user agent. */
export function isAzureCli({ headers }: Pick<Request, 'headers'>): boolean {
  return USER_AGENT.test(headers['user-agent'] ?? '');
}

/**
 * The answer as the Azure CLI's clients need it. They ask again after half a minute unless they are told otherwise, and the
 * one for storage takes no 201, because Azure sends none.
 */
export function forAzureCli(request: Request, reply: Reply): Reply {
  if (!isAzureCli(request)) return reply;
  const { headers = {} } = reply;
  const isUnfinished =
    'azure-asyncoperation' in headers || 'location' in headers || /\/operationStatuses\//i.test(request.path);
  return {
    ...reply,
    status: reply.status === 201 && STORAGE_ACCOUNT.test(request.path) ? 200 : reply.status,
    headers: isUnfinished ? { 'retry-after': POLL_SECONDS, ...headers } : headers,
  };
}
