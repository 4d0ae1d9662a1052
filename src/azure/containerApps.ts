import { ContainerAppsAPIClient, type Job, type JobExecution } from '@azure/arm-appcontainers';
import type { TokenCredential } from '@azure/identity';
import { z } from 'zod';
import { Blocked, Missing, NotReadyYet, Rejected } from '../domain/errors.ts';
import { RUN_TAG } from '../domain/naming.ts';
import { isOurs } from '../domain/ownership.ts';
import { createArmRest } from './armRest.ts';
import { azureCall, collect, orUndefined } from './call.ts';
import { type AgentJob, jobEnvelope } from './jobEnvelope.ts';
import { armOptions } from './pacing.ts';

export type { AgentJob } from './jobEnvelope.ts';

/** https://learn.microsoft.com/rest/api/resources/resources/list-by-resource-group */
const LIST_API_VERSION = '2021-04-01';
const ListedJobs = z.object({
  value: z.array(z.object({ name: z.string(), provisioningState: z.string().nullish() })),
  nextLink: z.string().nullish(),
});

const START_WAIT_MS = 15_000;

export type JobState = 'provisioning' | 'ready' | 'failed';

export interface JobSummary {
  id: string;
  name: string;
  tags: Record<string, string>;
  state: JobState;
  deleting: boolean;
}

export interface Execution {
  status: 'running' | 'succeeded' | 'failed' | 'stopped' | 'unknown';
  startedAt?: string;
  endedAt?: string;
  /** Why it ended, in the platform's words, with the container's exit code where it is known. */
  detail?: string;
}

export interface ContainerApps {
  /**
   * Makes the job unless it is there; does not wait for its provisioning. Blocked 'NotOurs' when a job of that name is
   * not of this run, NotReadyYet while an earlier one is being deleted.
   */
  ensureJob(job: AgentJob): Promise<{ id: string; state: JobState; error?: string }>;
  /**
   * Starts the job unless it has ever been started; returns the execution's name. Undefined when the start was
   * accepted but the name is not known yet: ask again.
   */
  startOnce(name: string): Promise<string | undefined>;
  listJobs(namePrefix?: string): Promise<JobSummary[]>;
  /**
   * Names of the jobs as Azure Resource Manager's own list has them, without those that are being deleted: a thousand a
   * page, where the list of Container Apps has twenty. It may be late, and shows only what the identity may read.
   */
  listJobNames(namePrefix: string): Promise<string[]>;
  execution(jobName: string, executionName: string): Promise<Execution | undefined>;
  /** Asks every running execution to stop: SIGTERM, and SIGKILL after 30 s. A missing job is fine. */
  stopAll(jobName: string): Promise<void>;
  startDelete(jobName: string): Promise<'gone' | 'deleting'>;
  environmentState(): Promise<{ state: string; workloadProfiles: string[] }>;
}

/** Container Apps jobs beside the managed environment `environmentId`, in its group and location. */
export function createContainerApps(credential: TokenCredential, environmentId: string): ContainerApps {
  const { subscriptionId, group, environmentName } = parseEnvironmentId(environmentId);
  const client = new ContainerAppsAPIClient(credential, subscriptionId, armOptions(credential));
  // A start is no idempotent request: repeated after a lost answer it would run the agent twice. The caller's next try
  // looks for an execution first.
  const starter = new ContainerAppsAPIClient(credential, subscriptionId, {
    ...armOptions(credential),
    retryOptions: { maxRetries: 0 },
  });
  const jobId = (name: string) =>
    `/subscriptions/${subscriptionId}/resourceGroups/${group}/providers/Microsoft.App/jobs/${name}`;

  const send = createArmRest(client.pipeline);
  const jobsList = `/subscriptions/${subscriptionId}/resourceGroups/${group}/resources?$filter=${encodeURIComponent("resourceType eq 'Microsoft.App/jobs'")}&$expand=provisioningState&$top=1000`;

  const getEnvironment = () =>
    azureCall(`reading the Container Apps environment ${environmentName}`, (abortSignal) =>
      client.managedEnvironments.get(group, environmentName, { abortSignal }),
    );
  /** The environment's, in which its jobs must be; it never changes. */
  let location: string | undefined;
  const getJob = (name: string) =>
    orUndefined(
      azureCall(`reading job ${name}`, (abortSignal) => client.jobs.get(group, name, { abortSignal })),
    );
  const listExecutions = (name: string) =>
    azureCall(`listing executions of job ${name}`, (abortSignal) =>
      collect(client.jobsExecutions.list(group, name, { abortSignal })),
    );

  return {
    async ensureJob(job) {
      const doing = `making job ${job.name}`;
      const existing = await getJob(job.name);
      if (existing) {
        if (existing.provisioningState === 'Deleting') {
          throw new NotReadyYet(`${doing}: an earlier job of that name is being deleted. Try again.`, 10);
        }
        if (!isOurs(existing.tags, job.tags[RUN_TAG])) {
          throw new Blocked(`${doing}: it exists and is not of this run. Rename or remove it.`, 'NotOurs');
        }
        const state = jobState(existing);
        const error = `provisioning ended as ${existing.provisioningState}. See the activity log of ${jobId(job.name)}.`;
        return { id: existing.id ?? jobId(job.name), state, ...(state === 'failed' ? { error } : {}) };
      }
      location ??= (await getEnvironment()).location;
      const where = job.location ?? location;
      await azureCall(doing, (abortSignal) =>
        client.jobs
          .createOrUpdate(group, job.name, jobEnvelope(job, environmentId, where), { abortSignal })
          .submitted(),
      );
      return { id: jobId(job.name), state: 'provisioning' };
    },

    async startOnce(name) {
      const earlier = (await listExecutions(name))[0]?.name;
      if (earlier) return earlier;
      const accepted = await azureCall(`starting job ${name}`, async (abortSignal) => {
        let answer: string | null | undefined;
        const start = starter.jobs.start(group, name, {
          abortSignal,
          onResponse: (response) => {
            answer ??= response.bodyAsText;
          },
        });
        await start.submitted();
        return { name: executionName(answer), start };
      });
      if (accepted.name) return accepted.name;
      // Accepted without a name: the end of the operation tells it. Not knowing it in time is not a failure.
      try {
        const ended = await azureCall(
          `waiting for the start of job ${name}`,
          (abortSignal) => accepted.start.pollUntilDone({ abortSignal }),
          { timeoutMs: START_WAIT_MS },
        );
        return ended.name;
      } catch {
        return (await listExecutions(name))[0]?.name;
      }
    },

    async listJobs(namePrefix = '') {
      const jobs = await azureCall(`listing jobs in ${group}`, (abortSignal) =>
        collect(client.jobs.listByResourceGroup(group, { abortSignal })),
      );
      return jobs
        .filter(({ name = '' }) => name.startsWith(namePrefix))
        .map((job) => ({
          id: job.id ?? jobId(job.name ?? ''),
          name: job.name ?? '',
          tags: job.tags ?? {},
          state: jobState(job),
          deleting: job.provisioningState === 'Deleting',
        }));
    },

    async listJobNames(namePrefix) {
      const names: string[] = [];
      let path: string | null | undefined = `${jobsList}&api-version=${LIST_API_VERSION}`;
      while (path) {
        const page: z.infer<typeof ListedJobs> = ListedJobs.parse(
          await send(path, `listing resources in ${group}`),
        );
        const there = page.value.filter(({ provisioningState }) => provisioningState !== 'Deleting');
        names.push(...there.map(({ name }) => name).filter((name) => name.startsWith(namePrefix)));
        path = page.nextLink;
      }
      return names;
    },

    async execution(jobName, executionName) {
      const found = await orUndefined(
        azureCall(`reading execution ${executionName}`, (abortSignal) =>
          client.jobExecution(group, jobName, executionName, { abortSignal }),
        ),
      );
      return found && readExecution(found);
    },

    async stopAll(jobName) {
      try {
        const running = (await listExecutions(jobName)).filter(
          (each) => readExecution(each).status === 'running',
        );
        await Promise.all(
          running.map(({ name = '' }) =>
            azureCall(`stopping execution ${name}`, (abortSignal) =>
              client.jobs.stopExecution(group, jobName, name, { abortSignal }).submitted(),
            ),
          ),
        );
      } catch (error) {
        if (!(error instanceof Missing)) throw error;
      }
    },

    async startDelete(jobName) {
      const deletion = await orUndefined(
        azureCall(`deleting job ${jobName}`, async (abortSignal) => {
          const poller = client.jobs.delete(group, jobName, { abortSignal });
          await poller.submitted();
          return { isDone: poller.isDone };
        }),
      );
      return !deletion || deletion.isDone ? 'gone' : 'deleting';
    },

    async environmentState() {
      const { provisioningState, workloadProfiles = [] } = await getEnvironment();
      return {
        state: provisioningState ?? 'Unknown',
        workloadProfiles: workloadProfiles.map(({ name }) => name),
      };
    },
  };
}

function parseEnvironmentId(id: string): { subscriptionId: string; group: string; environmentName: string } {
  const match =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.App\/managedEnvironments\/([^/]+)$/i.exec(
      id,
    );
  const [, subscriptionId, group, environmentName] = match ?? [];
  if (!subscriptionId || !group || !environmentName) {
    throw new Rejected(
      `"${id}" is not the id of a Container Apps environment. Expected /subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.App/managedEnvironments/<name>.`,
    );
  }
  return { subscriptionId, group, environmentName };
}

function jobState({ provisioningState }: Job): JobState {
  switch (provisioningState) {
    case 'Succeeded':
      return 'ready';
    case 'Failed':
    case 'Canceled':
      return 'failed';
    default:
      return 'provisioning';
  }
}

/** The name in the answer to a start, when the service put it there. */
function executionName(answer: string | null | undefined): string | undefined {
  if (!answer) return undefined;
  const body: unknown = JSON.parse(answer);
  const name = typeof body === 'object' && body !== null ? Reflect.get(body, 'name') : undefined;
  return typeof name === 'string' ? name : undefined;
}

function readExecution(execution: JobExecution): Execution {
  const { reason, message, detailedStatus } = execution;
  const exitCode = detailedStatus?.replicas?.flatMap(({ containers = [] }) => containers)[0]?.code;
  const code = exitCode === undefined ? '' : `exit code ${exitCode}`;
  const detail = [reason, message?.replace(/\.$/, ''), message?.includes(code) ? '' : code]
    .filter(Boolean)
    .join(': ');
  return {
    status: executionStatus(execution.status),
    ...(execution.startTime ? { startedAt: execution.startTime.toISOString() } : {}),
    ...(execution.endTime ? { endedAt: execution.endTime.toISOString() } : {}),
    ...(detail ? { detail } : {}),
  };
}

function executionStatus(status: string | undefined): Execution['status'] {
  switch (status) {
    case 'Running':
    case 'Processing':
      return 'running';
    case 'Succeeded':
      return 'succeeded';
    case 'Failed':
    case 'Degraded':
      return 'failed';
    case 'Stopped':
      return 'stopped';
    default:
      return 'unknown';
  }
}
