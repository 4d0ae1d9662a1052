import { z } from 'zod';
import { WORLD } from '../world.ts';
import type { AgentView } from './agents.ts';
import type { Cloud } from './cloud.ts';
import { DEFAULT_DELAYS, NO_LATENCIES, type Reply, type Request } from './core.ts';
import { CraftedToken, craftToken } from './craftedTokens.ts';
import { FaultSpec } from './faults.ts';
import type { SecretStore } from './keyVaultStore.ts';
import { findLeftovers } from './leftovers.ts';
import { LiesBody } from './lies.ts';
import { AZURE_LIMITS } from './throttle.ts';

/** What the control endpoint shows and moves besides the shared state. */
export interface ControlDeps {
  readonly cloud: Cloud;
  readonly secrets: SecretStore;
  readonly agents: () => readonly (AgentView & { readonly runId: string })[];
  readonly setBehaviours: (byScenario: Readonly<Record<string, string>>) => void;
  readonly messaging: () => unknown;
}

const DelaysBody = z.partialRecord(
  z.enum(Object.keys(DEFAULT_DELAYS) as [keyof typeof DEFAULT_DELAYS, ...(keyof typeof DEFAULT_DELAYS)[]]),
  z.number().nonnegative(),
);
const LatenciesBody = z.partialRecord(
  z.enum(Object.keys(NO_LATENCIES) as [keyof typeof NO_LATENCIES, ...(keyof typeof NO_LATENCIES)[]]),
  z.number().nonnegative(),
);
const LimitsBody = z.partialRecord(
  z.enum(Object.keys(AZURE_LIMITS) as [keyof typeof AZURE_LIMITS, ...(keyof typeof AZURE_LIMITS)[]]),
  z.strictObject({ capacity: z.number().positive(), perSecond: z.number().positive() }),
);
/** Things that are simply there, whoever made them and when. */
const ResourcesBody = z.array(
  z.strictObject({
    id: z.string().startsWith('/subscriptions/'),
    type: z.string(),
    tags: z.record(z.string(), z.string()).default({}),
    properties: z.record(z.string(), z.unknown()).default({}),
  }),
);
/** App roles that the app's own identity has at an API from now on. */
const RolesBody = z.strictObject({ audience: z.string(), roles: z.array(z.string()) });
const ClockBody = z.strictObject({ aheadMs: z.number().int() });
const LockBody = z.strictObject({
  scope: z.string().startsWith('/'),
  name: z.string().default('control'),
  level: z.enum(['CanNotDelete', 'ReadOnly']).default('CanNotDelete'),
});

/** Answers /control/...: inspection and fault injection for tests and the demo. Nothing like it exists in Azure. */
export function handleControl(deps: ControlDeps, request: Request): Reply | Promise<Reply> {
  const { cloud } = deps;
  const { query } = request;
  try {
    switch (`${request.method} ${request.path}`) {
      case 'GET /control/leftovers':
        return ok(findLeftovers(cloud, deps.secrets, query.runId));
      case 'GET /control/calls':
        return ok(
          query.detail ? { ...cloud.calls.counts(), calls: cloud.calls.list() } : cloud.calls.counts(),
        );
      case 'GET /control/permissions':
        return ok(cloud.authorization.uses.list(query.principalId));
      case 'DELETE /control/calls':
        cloud.calls.forget();
        return { status: 204 };
      case 'GET /control/secrets':
        return ok(cloud.secretsIssued.list());
      case 'POST /control/tokens':
        return craftToken(cloud, CraftedToken.parse(request.json)).then((token) => ok({ token }));
      case 'POST /control/roles': {
        const { audience, roles } = RolesBody.parse(request.json);
        cloud.directory.apiRoles.set(audience, new Map([[WORLD.app.oid, roles]]));
        return { status: 204 };
      }
      case 'GET /control/agents':
        return ok(deps.agents().map(agentLine));
      case 'POST /control/agents':
        deps.setBehaviours(z.record(z.string(), z.string()).parse(request.json));
        return { status: 204 };
      case 'GET /control/messaging':
        return ok(deps.messaging());
      case 'GET /control/faults':
        return ok(cloud.faults.list());
      case 'POST /control/faults':
        return { status: 201, body: { id: cloud.faults.add(FaultSpec.parse(request.json)) } };
      case 'DELETE /control/faults':
        cloud.faults.remove(query.id);
        return { status: 204 };
      case 'POST /control/lies':
        cloud.lies.tell(LiesBody.parse(request.json));
        return { status: 204 };
      case 'POST /control/clock':
        cloud.clock.aheadMs = ClockBody.parse(request.json).aheadMs;
        return { status: 204 };
      case 'GET /control/delays':
        return ok(cloud.delays);
      case 'POST /control/delays':
        Object.assign(cloud.delays, DelaysBody.parse(request.json));
        return ok(cloud.delays);
      case 'POST /control/latencies':
        Object.assign(cloud.latencies, LatenciesBody.parse(request.json));
        return ok(cloud.latencies);
      case 'POST /control/limits':
        Object.assign(cloud.limits, LimitsBody.parse(request.json));
        return ok(cloud.limits);
      case 'POST /control/resources':
        for (const resource of ResourcesBody.parse(request.json)) putResource(cloud, resource);
        return { status: 204 };
      case 'POST /control/lock': {
        const { scope, name, level } = LockBody.parse(request.json);
        return { status: 201, body: cloud.locks.put(scope, name, level) };
      }
      case 'DELETE /control/lock':
        return { status: cloud.locks.remove(query.id ?? '') ? 204 : 404 };
      default:
        return {
          status: 404,
          body: { error: `The control endpoint knows no ${request.method} ${request.path}.` },
        };
    }
  } catch (error) {
    if (error instanceof z.ZodError) return { status: 400, body: { error: z.prettifyError(error) } };
    if (error instanceof RangeError || error instanceof SyntaxError) {
      return { status: 400, body: { error: error.message } };
    }
    throw error;
  }
}

function putResource(cloud: Cloud, resource: z.infer<typeof ResourcesBody>[number]): void {
  const name = resource.id.slice(resource.id.lastIndexOf('/') + 1);
  const { location } = WORLD;
  cloud.resources.put({
    ...resource,
    name,
    location,
    rest: {},
    createdAt: cloud.now(),
    createdBy: WORLD.app.oid,
  });
}

/** An agent in the words of the app: running, completed or failed; `last` is what it does or did last. */
function agentLine(agent: AgentView & { readonly runId: string }) {
  const state = agent.running ? 'running' : agent.exitCode === 0 ? 'completed' : 'failed';
  return { ...agent, state, last: agent.state };
}

function ok(body: unknown): Reply {
  return { status: 200, body };
}
