import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { CheckResult } from '../domain/check.ts';
import type { CleanupRound } from '../domain/cleanup.ts';
import { agentInfo } from './agents.ts';
import { decodeCursor, encodeCursor, listScope } from './cursor.ts';
import type { ApiCall } from './endpoint.ts';
import { notFound } from './errors.ts';
import { leftoverInfo } from './leftovers.ts';
import { parseQuery, pathId } from './parameters.ts';
import { isRunLive, runSummary } from './runViews.ts';
import { type RunDetail, RunsQuery } from './schemas/runs.ts';

/** GET api/v1/runs: newest first. */
export async function runs(request: HttpRequest, { services }: ApiCall): Promise<HttpResponseInit> {
  const { status, from, to, limit, cursor } = parseQuery(RunsQuery, request);
  const scope = listScope('runs', { status, from, to });
  const after = cursor === undefined ? undefined : decodeCursor(scope, cursor);
  const records = await services.records();
  const page = await records.runs.list({ where: { status }, from, to, after }, limit);
  return {
    jsonBody: {
      runs: page.runs.map(runSummary),
      next_cursor: page.next === undefined ? null : encodeCursor(scope, page.next),
    },
  };
}

/** GET api/v1/runs/{id}: one whole run. */
export async function run(request: HttpRequest, call: ApiCall): Promise<HttpResponseInit> {
  const id = pathId(request, 'RUN_NOT_FOUND', 'run');
  const found = await readRun(id, call);
  if (!found) throw notFound('RUN_NOT_FOUND', 'run', id);
  return { jsonBody: found };
}

/** One whole run; undefined when the books do not know it. */
export async function readRun(
  id: string,
  { services, client }: Pick<ApiCall, 'services' | 'client'>,
): Promise<RunDetail | undefined> {
  const records = await services.records();
  const found = await records.runs.get(id);
  if (!found) return undefined;
  const [agents, checks, rounds, live] = await Promise.all([
    records.agents.ofRun(id),
    records.documents.checks(id),
    records.documents.rounds(id),
    isRunLive(id, client),
  ]);
  const end = found.completedAt ?? '';
  const phases = await records.runs.phases(id, end);
  return {
    ...runSummary(found),
    resources_created: found.resourcesCreated ?? (await records.resources.count(id)),
    live,
    phases: phases
      .filter(({ phase }) => phase !== 'ended')
      .map(({ phase, startedAt, endedAt }) => ({ phase, started_at: startedAt, ended_at: endedAt || null })),
    agents: agents.map((agent) => agentInfo(agent, found.startedAt)),
    checks: (checks ?? []).map(checkInfo),
    cleanup: { status: found.cleanupStatus, ...evidenceOf(id, rounds) },
  };
}

function checkInfo({ name, passed, detail, advice }: CheckResult): RunDetail['checks'][number] {
  return { name, passed, detail, advice: advice ?? null };
}

/** What the last round of the clean-up saw. */
function evidenceOf(runId: string, rounds: readonly CleanupRound[]): Omit<RunDetail['cleanup'], 'status'> {
  const last = rounds.at(-1);
  return {
    rounds: rounds.length,
    verdict: last?.verdict ?? null,
    evidence: (last?.evidence ?? []).map(({ source, askedAt, outcome, found, detail }) => ({
      source,
      asked_at: askedAt,
      outcome,
      found,
      detail: detail ?? null,
    })),
    leftovers: (last?.leftovers ?? []).map((leftover) => leftoverInfo(runId, leftover)),
  };
}
