import type { HttpHeaders, PipelinePolicy, PipelineRequest } from '@azure/core-rest-pipeline';
import type { TokenCredential } from '@azure/identity';
import { clientOptions, LONGEST_WAIT_SECONDS } from './call.ts';
import { type Bucket, Gate, type Told } from './gate.ts';
import { clockSeconds, retryAfterSeconds } from './retryAfter.ts';

type Kind = 'reads' | 'writes' | 'deletes' | 'resourceGraph';

/**
 * Per principal, region and kind of operation:
 * https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
 * https://learn.microsoft.com/azure/governance/resource-graph/concepts/guidance-for-throttled-requests
 */
const BUCKETS: Readonly<Record<Kind, Bucket>> = {
  reads: { capacity: 250, perSecond: 25 },
  writes: { capacity: 200, perSecond: 10 },
  deletes: { capacity: 200, perSecond: 10 },
  resourceGraph: { capacity: 15, perSecond: 3 },
};

const HOST = 'management.azure.com';
const RESOURCE_GRAPH = /^\/providers\/microsoft\.resourcegraph\//i;

/** Sent again so often after a refusal, each time when the gate lets it through. */
const TRIES = 4;

type Gates = Readonly<Record<Kind, Gate>>;
const gatesOf = new WeakMap<TokenCredential, Gates>();

/**
 * Options of clients that talk to Azure Resource Manager with this credential. All of them in this process draw from the
 * same buckets, because Azure counts by principal; other instances are seen in what Azure says is left.
 */
export function armOptions(credential: TokenCredential) {
  const gates = gatesOf.get(credential) ?? makeGates();
  gatesOf.set(credential, gates);
  return {
    ...clientOptions,
    additionalPolicies: [
      ...clientOptions.additionalPolicies,
      { policy: pacing(gates), position: 'perRetry' as const },
    ],
  };
}

/** Waits for the request's turn, reads what the answer says of its bucket, and asks again after a short refusal. */
function pacing(gates: Gates): PipelinePolicy {
  return {
    name: 'haymakerPacing',
    async sendRequest(request, next) {
      const url = new URL(request.url);
      if (url.hostname !== HOST) return next(request);
      const kind = kindOf(request, url.pathname);
      for (let tries = 1; ; tries++) {
        await gates[kind].enter(request.abortSignal as AbortSignal | undefined);
        let told: Told = {};
        try {
          const response = await next(request);
          told = read(kind, response.status, response.headers);
          const isShort = (told.closedSeconds ?? 0) <= LONGEST_WAIT_SECONDS;
          if (!told.refused || !isShort || tries >= TRIES) return response;
        } finally {
          gates[kind].leave(told);
        }
      }
    },
  };
}

function makeGates(): Gates {
  const gate = (kind: Kind) => new Gate(BUCKETS[kind]);
  return {
    reads: gate('reads'),
    writes: gate('writes'),
    deletes: gate('deletes'),
    resourceGraph: gate('resourceGraph'),
  };
}

function kindOf({ method }: PipelineRequest, path: string): Kind {
  if (RESOURCE_GRAPH.test(path)) return 'resourceGraph';
  if (method === 'GET' || method === 'HEAD') return 'reads';
  return method === 'DELETE' ? 'deletes' : 'writes';
}

function read(kind: Kind, status: number, headers: HttpHeaders): Told {
  const remaining =
    kind === 'resourceGraph'
      ? headers.get('x-ms-user-quota-remaining')
      : headers.get(`x-ms-ratelimit-remaining-subscription-${kind}`);
  const refused = status === 429;
  const isUsedUp = kind === 'resourceGraph' && remaining === '0';
  const closedSeconds = refused
    ? (retryAfterSeconds(headers) ?? 1)
    : isUsedUp
      ? clockSeconds(headers.get('x-ms-user-quota-resets-after'))
      : undefined;
  return {
    ...(remaining === undefined ? {} : { remaining: Number(remaining) }),
    ...(closedSeconds === undefined ? {} : { closedSeconds }),
    refused,
  };
}
