import { z } from 'zod';
import type { AzureRequest } from '../azure/request.ts';

const ARM = 'https://management.azure.com';
/** The version of Microsoft.App that the app itself uses, by its SDK. */
const API_VERSION = '2026-07-01';
/** The prefix of the jobs of all agents. */
const JOB_PREFIX = 'hm-';

const maybe = z.string().nullish();
const Job = z.looseObject({
  id: z.string(),
  name: z.string(),
  tags: z.record(z.string(), z.string()).nullish(),
});
const Container = z.looseObject({ name: maybe, code: z.number().nullish(), status: maybe });
const Execution = z.looseObject({
  name: z.string(),
  properties: z.looseObject({
    status: maybe,
    startTime: maybe,
    endTime: maybe,
    reason: maybe,
    detailedStatus: z
      .looseObject({
        replicas: z.array(z.looseObject({ name: maybe, containers: z.array(Container).nullish() })).nullish(),
      })
      .nullish(),
  }),
});
const listOf = <T extends z.ZodType>(item: T) => z.object({ value: z.array(item), nextLink: maybe });

/** The replica of an agent's job, as Container Apps sees it. */
export interface Replica {
  readonly name: string;
  readonly job: string;
  readonly execution: string;
  readonly run_id: string | null;
  readonly running_state: string;
  readonly running_state_details: string | null;
  readonly created_at: string | null;
  readonly ended_at: string | null;
  readonly exit_code: number | null;
}

/** The replicas of the agents' jobs in a resource group, of one run or of all. Throws CommandFailure. */
export async function listReplicas(
  azure: AzureRequest,
  at: { readonly subscriptionId: string; readonly resourceGroup: string },
  runId?: string,
): Promise<Replica[]> {
  const group = `/subscriptions/${encodeURIComponent(at.subscriptionId)}/resourceGroups/${encodeURIComponent(at.resourceGroup)}`;
  const jobs = await all(azure, `${ARM}${group}/providers/Microsoft.App/jobs`, Job);
  const ours = jobs.filter(
    ({ name, tags }) => name.startsWith(JOB_PREFIX) && (runId === undefined || tags?.RunId === runId),
  );
  const replicas: Replica[] = [];
  for (const job of ours) {
    const executions = await all(azure, `${ARM}${job.id}/executions`, Execution);
    replicas.push(...executions.flatMap((execution) => replicasOf(job, execution)));
  }
  return replicas;
}

function replicasOf(job: z.infer<typeof Job>, { name, properties }: z.infer<typeof Execution>): Replica[] {
  const replicas = properties.detailedStatus?.replicas ?? [];
  // A replica that has not started yet is not reported; its execution is.
  return (replicas.length > 0 ? replicas : [{ name, containers: [] }]).map((replica) => ({
    name: replica.name ?? name,
    job: job.name,
    execution: name,
    run_id: job.tags?.RunId ?? null,
    running_state: replica.containers?.[0]?.status ?? properties.status ?? 'Unknown',
    running_state_details: properties.reason ?? null,
    created_at: properties.startTime ?? null,
    ended_at: properties.endTime ?? null,
    exit_code: replica.containers?.[0]?.code ?? null,
  }));
}

async function all<T extends z.ZodType>(azure: AzureRequest, url: string, item: T): Promise<z.infer<T>[]> {
  const items: z.infer<T>[] = [];
  let next: string | undefined = `${url}?api-version=${API_VERSION}`;
  while (next) {
    const page: { value: z.infer<T>[]; nextLink?: string | null | undefined } = await azure(
      'GET',
      next,
      listOf(item),
    );
    items.push(...page.value);
    next = page.nextLink ?? undefined;
  }
  return items;
}
