import type { TokenCredential } from '@azure/identity';
import { Client, type GraphRequest, RetryHandlerOptions } from '@microsoft/microsoft-graph-client';
import { TokenCredentialAuthenticationProvider } from '@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js';
import { azureCall } from './call.ts';
import { retryAfterSeconds } from './retryAfter.ts';

export const GRAPH_SCOPE = 'https://graph.microsoft.com/.default';
const LONGEST_WAIT_SECONDS = 5;

/** A page of a Microsoft Graph collection. */
interface Page<T> {
  value: T[];
  '@odata.nextLink'?: string;
}

/** A Microsoft Graph client whose calls are bounded in time and throw the domain's errors only. */
export interface Graph {
  /** One request; `send` ends it with a verb. `justMade`: a 404 is replication, so NotReadyYet. */
  call<T>(
    doing: string,
    path: string,
    send: (request: GraphRequest) => Promise<T>,
    options?: { justMade?: boolean },
  ): Promise<T>;
  /** All pages of a collection. Advanced queries (tags, startsWith) need ConsistencyLevel eventual and $count. */
  list<T>(doing: string, path: string): Promise<T[]>;
}

export function createGraph(credential: TokenCredential): Graph {
  const authProvider = new TokenCredentialAuthenticationProvider(credential, { scopes: [GRAPH_SCOPE] });
  const client = Client.initWithMiddleware({ authProvider });
  // The handler sleeps as long as Retry-After says, so that long waits must not be retried at all.
  const retries = () =>
    new RetryHandlerOptions(1, 2, (_delay, _attempt, _request, _options, response) => {
      return (retryAfterSeconds(response.headers) ?? 0) <= LONGEST_WAIT_SECONDS;
    });

  const graph: Graph = {
    call: (doing, path, send, options) =>
      azureCall(
        doing,
        (signal) => send(client.api(path).middlewareOptions([retries()]).options({ signal })),
        options,
      ),

    async list<T>(doing: string, path: string) {
      const items: T[] = [];
      let next: string | undefined = path;
      while (next) {
        const page: Page<T> = await graph.call(doing, next, (request) =>
          request.header('ConsistencyLevel', 'eventual').get(),
        );
        items.push(...page.value);
        next = page['@odata.nextLink'];
      }
      return items;
    },
  };
  return graph;
}

/** A string literal of an OData key or filter. */
export function odataString(text: string): string {
  return `'${encodeURIComponent(text.replaceAll("'", "''"))}'`;
}
