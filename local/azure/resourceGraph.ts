import { z } from 'zod';
import type { Cloud } from './cloud.ts';
import { azureError, type Principal, type Reply, type Request } from './core.ts';
import { parseKql, type Row, UnknownQuery } from './kql.ts';
import { ResourceIndex } from './resourceIndex.ts';

const QueryBody = z.object({
  query: z.string(),
  options: z
    .object({
      $top: z.number().int().min(1).max(1000).default(1000),
      $skipToken: z.string().optional(),
      resultFormat: z.string().default('objectArray'),
    })
    .default({ $top: 1000, resultFormat: 'objectArray' }),
});

/** Seconds of Resource Graph's quota window. */
const WINDOW_SECONDS = 5;

/**
 * Azure Resource Graph's query endpoint: a late copy of the truth, limited to what the caller may read, with the quota
 * headers of https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests
 */
export function createResourceGraph(cloud: Cloud): (caller: Principal, request: Request) => Reply {
  const index = new ResourceIndex(cloud);
  return (caller, request) => {
    const { admitted, remaining, retryAfterSeconds } = cloud.throttle.take(
      `resourceGraph/${caller.oid}`,
      cloud.limits.resourceGraph,
    );
    const headers = {
      'x-ms-user-quota-remaining': String(remaining),
      'x-ms-user-quota-resets-after': duration(admitted ? WINDOW_SECONDS : Math.ceil(retryAfterSeconds)),
    };
    if (!admitted) {
      // No Retry-After: clients have to read the quota headers, as with the real service.
      return azureError(
        429,
        'RateLimiting',
        'Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.',
        headers,
      );
    }
    const body = QueryBody.safeParse(request.json);
    if (!body.success) {
      return azureError(400, 'BadRequest', `The query request is invalid: ${body.error.message}`, headers);
    }
    return { ...answer(cloud, index, caller, body.data), headers };
  };
}

function answer(
  cloud: Cloud,
  index: ResourceIndex,
  caller: Principal,
  { query, options }: z.infer<typeof QueryBody>,
): Reply {
  let rows: Row[];
  try {
    const mayRead = (row: Row) => cloud.authorization.can(caller.oid, `${row.type}/read`, String(row.id));
    rows = parseKql(query).run((table) => index.table(table).filter(mayRead));
    if (cloud.lies.index === 'empty') rows = [];
  } catch (error) {
    if (!(error instanceof UnknownQuery)) throw error;
    return azureError(
      400,
      'InvalidQuery',
      `The stand-in does not know this query: ${error.message}. Add the shape to local/azure/kql.ts. Query: ${query}`,
    );
  }
  const start = Number(options.$skipToken ?? 0);
  const truncated = cloud.lies.index === 'truncated' && rows.length > 0;
  const end = start + (cloud.lies.index === 'single-rows' ? 1 : options.$top);
  const data = truncated ? rows.slice(0, Math.floor(rows.length / 2)) : rows.slice(start, end);
  return {
    status: 200,
    body: {
      totalRecords: rows.length,
      count: data.length,
      data,
      facets: [],
      resultTruncated: String(truncated),
      ...(end < rows.length ? { $skipToken: String(end) } : {}),
    },
  };
}

/** hh:mm:ss */
function duration(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(11, 19);
}
