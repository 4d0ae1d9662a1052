import { ResourceGraphClient } from '@azure/arm-resourcegraph';
import type { TokenCredential } from '@azure/identity';
import { z } from 'zod';
import { Rejected } from '../domain/errors.ts';
import { MANAGED_TAG, RUN_TAG } from '../domain/naming.ts';
import { azureCall } from './call.ts';
import { kqlString } from './kql.ts';
import { armOptions } from './pacing.ts';

const PAGE_SIZE = 1_000;
const TABLES = ['resources', 'resourcecontainers'] as const;

export interface FoundResource {
  id: string;
  name: string;
  type: string;
  resourceGroup?: string;
  tags: Record<string, string>;
}

export interface ResourceGraph {
  /**
   * What carries our managed tag and this run's id, and the things `alsoIds`, asked for in the same queries. Resource
   * Graph lags: finding nothing is not proof.
   */
  ofRun(runId: string, alsoIds?: readonly string[]): Promise<FoundResource[]>;
  /** What carries our managed tag, of any run. */
  managed(): Promise<FoundResource[]>;
  /** Assignments held by one of these principals, or at a scope that begins with `scopePrefix`. */
  roleAssignmentsOf(
    principalIds: readonly string[],
    scopePrefix?: string,
  ): Promise<{ id: string; principalId: string; scope: string }[]>;
}

const Row = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  resourceGroup: z.string().nullish(),
  tags: z.record(z.string(), z.string()).nullish(),
});
const RoleAssignmentRow = z.object({
  id: z.string(),
  properties: z.object({ principalId: z.string(), scope: z.string() }),
});

/**
 * Resource Graph over one subscription. Waits for the quota to reset when it is used up, also between two pages, and is
 * Throttled when many wait already; Rejected when an answer was cut off, because a part must never pass for the whole.
 */
export function createResourceGraph(credential: TokenCredential, subscriptionId: string): ResourceGraph {
  const client = new ResourceGraphClient(credential, armOptions(credential));

  async function* pagesOf(query: string): AsyncGenerator<unknown[]> {
    let skipToken: string | undefined;
    do {
      const page = await azureCall('querying Resource Graph', (abortSignal) =>
        client.resources(
          {
            query,
            subscriptions: [subscriptionId],
            options: { resultFormat: 'objectArray', top: PAGE_SIZE, ...(skipToken ? { skipToken } : {}) },
          },
          { abortSignal },
        ),
      );
      yield z.array(z.unknown()).parse(page.data);
      if (page.resultTruncated === 'true' && !page.skipToken) {
        throw new Rejected('querying Resource Graph: the answer was cut off. Narrow the query.');
      }
      skipToken = page.skipToken;
    } while (skipToken);
  }

  async function rows<T>(query: string, schema: z.ZodType<T>): Promise<T[]> {
    const all: T[] = [];
    for await (const page of pagesOf(query)) all.push(...z.array(schema).parse(page));
    return all;
  }

  async function tagged(conditions: string): Promise<FoundResource[]> {
    const found: FoundResource[] = [];
    for (const table of TABLES) {
      const query = `${table} | ${conditions} | project id,name,type,resourceGroup,tags | order by id asc`;
      for (const { resourceGroup, tags, ...rest } of await rows(query, Row)) {
        found.push({ ...rest, tags: tags ?? {}, ...(resourceGroup ? { resourceGroup } : {}) });
      }
    }
    return found;
  }

  return {
    ofRun: (runId, alsoIds = []) => {
      const ofTheRun = `(tags['${MANAGED_TAG}'] =~ 'true' and tags['${RUN_TAG}'] =~ ${kqlString(runId)})`;
      const also = alsoIds.length > 0 ? ` or id in~ (${alsoIds.map(kqlString).join(',')})` : '';
      return tagged(`where ${ofTheRun}${also}`);
    },
    managed: () => tagged(`where tags['${MANAGED_TAG}'] =~ 'true'`),
    async roleAssignmentsOf(principalIds, scopePrefix) {
      const conditions = [
        ...(principalIds.length > 0
          ? [`properties.principalId in~ (${principalIds.map(kqlString).join(',')})`]
          : []),
        ...(scopePrefix ? [`properties.scope startswith ${kqlString(scopePrefix)}`] : []),
      ];
      if (conditions.length === 0) return [];
      const query = [
        'authorizationresources',
        `where type =~ 'microsoft.authorization/roleassignments'`,
        `where ${conditions.join(' or ')}`,
        'project id,properties',
        'order by id asc',
      ].join(' | ');
      const found = await rows(query, RoleAssignmentRow);
      return found.map(({ id, properties }) => ({ id, ...properties }));
    },
  };
}
