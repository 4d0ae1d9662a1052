import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { IDS, WORLD } from '../world.ts';
import type { Cloud } from './cloud.ts';
import { jobProblem } from './containerAppsCheck.ts';
import { Execution } from './containerAppsExecution.ts';
import {
  invalidField,
  type JobBody,
  nameProblem,
  parseJob,
  StartBody,
  withoutSecretValues,
} from './containerAppsJob.ts';
import { type LaunchDeps, launch } from './containerAppsLaunch.ts';
import { identityView, jobView, page, provisioningState, secretNames } from './containerAppsView.ts';
import { azureError, type Reply, type Request, type ResourceProvider, type StoredResource } from './core.ts';

export interface ContainerAppsDeps extends LaunchDeps {
  /** Between SIGTERM and SIGKILL; 30 s without it, as in Azure. */
  readonly killGraceMs?: number;
}

export interface ContainerApps extends ResourceProvider {
  /** Ends every container at once. */
  close(): void;
}

const JOB_TYPE = 'Microsoft.App/jobs';
const DEFAULT_KILL_GRACE_MS = 30_000;

interface Route {
  readonly method: string;
  readonly id: string;
  readonly name: string;
  /** What follows the job's id: '', '/start', '/executions/<name>/stop' ... */
  readonly rest: string;
}

/**
 * Container Apps: the environment, and jobs with their executions
 * (https://learn.microsoft.com/rest/api/containerapps/jobs). Jobs live in the resource store like every other
 * resource; only their secrets and executions are kept here.
 */
export function createContainerApps(cloud: Cloud, deps: ContainerAppsDeps): ContainerApps {
  const bodies = new Map<string, JobBody>();
  const executions = new Map<string, Execution[]>();
  seedEnvironment(cloud);

  cloud.resources.onChange((id, resource) => {
    const key = id.toLowerCase();
    if (resource || !bodies.has(key)) return;
    for (const execution of executions.get(key) ?? []) execution.destroy();
    executions.delete(key);
    bodies.delete(key);
  });

  const of = (id: string) => executions.get(id.toLowerCase()) ?? [];

  function put(request: Request, route: Route): Reply {
    const body = parseJob(request.json);
    if (typeof body === 'string') return azureError(400, 'InvalidRequestContent', body);
    const problem = nameProblem(route.name) ?? jobProblem(cloud, deps, request, body);
    if (problem) return problem;
    const existing = cloud.resources.get(route.id);
    if (existing?.deletingUntil !== undefined) return busy(route.name, 'is being deleted');
    const resource: StoredResource = {
      id: existing?.id ?? route.id,
      name: route.name,
      type: JOB_TYPE,
      location: body.location,
      tags: body.tags,
      properties: withoutSecretValues(body),
      rest: { identity: identityView(cloud, body) },
      createdAt: existing?.createdAt ?? cloud.now(),
      createdBy: existing?.createdBy ?? request.principal?.oid ?? 'unknown',
      provisioningUntil: cloud.now() + cloud.delays.jobCreate,
    };
    bodies.set(route.id.toLowerCase(), body);
    cloud.resources.put(resource);
    const { asyncOperation } = begin(cloud, request, cloud.delays.jobCreate);
    return {
      status: existing ? 200 : 201,
      headers: { 'azure-asyncoperation': asyncOperation },
      body: jobView(cloud, resource, of(route.id)),
    };
  }

  function start(request: Request, route: Route, job: StoredResource): Reply {
    const body = bodies.get(route.id.toLowerCase());
    if (!body) return notFound(route.id);
    if (provisioningState(cloud, job) !== 'Succeeded')
      return busy(route.name, 'has an operation in progress');
    const override = request.json === undefined ? undefined : StartBody.safeParse(request.json);
    if (override && !override.success) {
      return azureError(400, 'InvalidRequestContent', z.prettifyError(override.error));
    }
    const template = override?.data ?? body.properties.template;
    const [container] = template.containers;
    if (!container) return invalidField('template.containers', 'there is no container');
    const name = `${route.name}-${randomBytes(4).toString('hex').slice(0, 7)}`;
    const execution = new Execution({
      id: `${job.id}/executions/${name}`,
      name,
      template,
      now: cloud.now,
      killGraceMs: deps.killGraceMs ?? DEFAULT_KILL_GRACE_MS,
      replicaTimeoutMs: body.properties.configuration.replicaTimeout * 1_000,
    });
    executions.set(route.id.toLowerCase(), [...of(route.id), execution]);
    setTimeout(() => {
      if (execution.stopping) {
        execution.fail('Stopped', 'The execution was stopped before its container started.');
        return;
      }
      launch(cloud, deps, { name: route.name, body, container }, execution).catch((error: unknown) =>
        execution.fail('ContainerError', error instanceof Error ? error.message : String(error)),
      );
    }, cloud.delays.jobStart).unref();
    const { location } = begin(cloud, request, cloud.delays.jobStart, () => ({ id: execution.id, name }));
    return { status: 202, headers: { location }, body: { id: execution.id, name } };
  }

  function stop(request: Request, stopped: readonly Execution[]): Reply {
    for (const execution of stopped) execution.stop();
    const { location } = begin(cloud, request, cloud.delays.jobStart, () => ({
      value: stopped.map((one) => one.view()),
    }));
    return { status: 202, headers: { location } };
  }

  function remove(request: Request, route: Route, job: StoredResource): Reply {
    for (const execution of of(route.id)) execution.stop();
    cloud.resources.beginDelete(job.id, cloud.delays.resourceDelete);
    const { location } = begin(cloud, request, cloud.delays.resourceDelete);
    return { status: 202, headers: { location } };
  }

  function handleJob(request: Request, route: Route): Reply | undefined {
    if (request.method === 'PUT' && route.rest === '') return put(request, route);
    const job = cloud.resources.get(route.id);
    if (!job) return request.method === 'DELETE' ? { status: 204 } : notFound(route.id);
    const [, executionName, stopOne] = /^\/executions\/([^/]+)(\/stop)?$/i.exec(route.rest) ?? [];
    switch (
      `${request.method} ${executionName ? `/executions/*${stopOne ?? ''}` : route.rest}`.toLowerCase()
    ) {
      case 'get ':
        return { status: 200, body: jobView(cloud, job, of(route.id)) };
      case 'delete ':
        return remove(request, route, job);
      case 'post /start':
        return start(request, route, job);
      case 'post /stop':
        return stop(request, of(route.id));
      case 'post /listsecrets':
        return { status: 200, body: { value: secretNames(bodies.get(route.id.toLowerCase())) } };
      case 'get /executions':
        return page(
          request,
          [...of(route.id)].reverse().map((one) => one.view()),
        );
      case 'get /executions/*':
      case 'post /executions/*/stop': {
        const execution = of(route.id).find((one) => one.name === executionName);
        if (!execution) return notFound(`${route.id}/executions/${executionName}`);
        return stopOne ? stop(request, [execution]) : { status: 200, body: execution.view() };
      }
      default:
        return undefined;
    }
  }

  return {
    namespace: 'Microsoft.App',
    handle(request) {
      const [, id, name, rest] = JOB.exec(request.path) ?? [];
      if (id && name) return handleJob(request, { method: request.method, id, name, rest: rest ?? '' });
      const [, scope] = JOB_LIST.exec(request.path) ?? [];
      if (scope && request.method === 'GET') {
        const jobs = cloud.resources.below(scope).filter((one) => one.type === JOB_TYPE);
        return page(
          request,
          jobs.map((job) => jobView(cloud, job, of(job.id))),
        );
      }
      return undefined;
    },
    close() {
      for (const execution of [...executions.values()].flat()) execution.destroy();
    },
  };
}

const JOB =
  /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.App\/jobs\/([^/]+))(\/.*)?$/i;
const JOB_LIST = /^(\/subscriptions\/[^/]+(?:\/resourceGroups\/[^/]+)?)\/providers\/Microsoft\.App\/jobs$/i;

function seedEnvironment(cloud: Cloud): void {
  if (cloud.resources.get(IDS.environment)) return;
  cloud.resources.put({
    id: IDS.environment,
    name: WORLD.environmentName,
    type: 'Microsoft.App/managedEnvironments',
    location: WORLD.location,
    tags: {},
    properties: {
      provisioningState: 'Succeeded',
      defaultDomain: `${WORLD.environmentName}.${WORLD.location}.azurecontainerapps.io`,
      workloadProfiles: [{ name: 'Consumption', workloadProfileType: 'Consumption' }],
    },
    rest: {},
    createdAt: cloud.now(),
    createdBy: 'platform',
  });
}

function begin(cloud: Cloud, request: Request, durationMs: number, result?: () => unknown) {
  const [, , subscriptionId = WORLD.subscriptionId] = request.path.split('/');
  const apiVersion = request.query['api-version'] ?? '';
  return cloud.operations.begin(subscriptionId, apiVersion, { durationMs, ...(result ? { result } : {}) });
}

function busy(name: string, why: string): Reply {
  return azureError(
    409,
    'ContainerAppOperationInProgress',
    `Cannot modify the job ${name} because it ${why}. Retry when the operation has ended.`,
  );
}

function notFound(id: string): Reply {
  return azureError(404, 'ResourceNotFound', `The Resource '${id}' was not found.`);
}
