import type { z } from 'zod';
import { AgentInfo, AgentsAnswer, AgentsQuery, LogsAnswer, LogsQuery } from './schemas/agents.ts';
import { CleanupAnswer, CleanupBody } from './schemas/cleanup.ts';
import { IdPath } from './schemas/common.ts';
import { ExecuteAnswer, ExecuteBody, ExecutionAnswer } from './schemas/executions.ts';
import { MetricsAnswer, MetricsQuery } from './schemas/metrics.ts';
import {
  InstanceAnswer,
  ManagementPayload,
  RaiseAnswer,
  RaisePath,
  StartPath,
} from './schemas/orchestrators.ts';
import { ResourcesAnswer, ResourcesQuery } from './schemas/resources.ts';
import { ReportQuery, RunDetail, RunsAnswer, RunsQuery, StopAnswer, StopBody } from './schemas/runs.ts';
import { ScenarioDetail, ScenariosAnswer, ScenariosQuery } from './schemas/scenarios.ts';
import { HealthAnswer, LiveAnswer, StatusAnswer } from './schemas/status.ts';

/** One route as its document describes it. The name is that of the function in src/index.ts. */
export interface Operation {
  readonly name: string;
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly summary: string;
  /** False for the only doors without a key. */
  readonly secured: boolean;
  readonly pathParams?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** `any`: whatever JSON the orchestrator takes. */
  readonly anyBody?: true;
  readonly answers: Readonly<Record<number, Answer>>;
  /** Statuses of errors that are its own; every route may answer with those in COMMON_ERRORS. */
  readonly errors: readonly number[];
}

export interface Answer {
  readonly description: string;
  readonly schema?: z.ZodType;
  /** Content types besides JSON. */
  readonly also?: readonly string[];
  /** Any JSON. */
  readonly json?: true;
}

const get = { method: 'get', secured: true, errors: [] } as const;
const post = { method: 'post', secured: true, errors: [] } as const;
const ok = (schema: z.ZodType, description = 'done') => ({ 200: { description, schema } });
const accepted = (schema: z.ZodType, description: string) => ({ 202: { description, schema } });
const health = {
  ...get,
  secured: false,
  answers: {
    200: { description: 'healthy', schema: HealthAnswer },
    503: { description: 'not healthy', schema: HealthAnswer },
  },
};

/** Every HTTP route of the app: the source of openapi.json. */
export const OPERATIONS: readonly Operation[] = [
  { ...health, name: 'health', path: '/health', summary: 'Does the app have its settings and its storage?' },
  { ...health, name: 'api_health', path: '/api/v1/health', summary: 'The same, under the API’s path' },
  {
    ...get,
    name: 'api_openapi',
    path: '/api/v1/openapi.json',
    summary: 'This document',
    answers: { 200: { description: 'OpenAPI 3.1', json: true } },
  },
  {
    ...get,
    name: 'api_status',
    path: '/api/v1/status',
    summary: 'What is going on now',
    answers: ok(StatusAnswer),
  },
  {
    ...get,
    name: 'api_live',
    path: '/api/v1/live',
    summary:
      'The status and the whole run that it is about (the current one, or else the newest); with Accept: text/event-stream, as an event when it changes',
    answers: {
      200: { description: 'done', schema: LiveAnswer, also: ['text/event-stream'] },
    },
  },
  {
    ...get,
    name: 'api_metrics',
    path: '/api/v1/metrics',
    summary: 'How runs went in a period, in all and per scenario',
    query: MetricsQuery,
    answers: ok(MetricsAnswer),
  },
  {
    ...post,
    name: 'api_execute',
    path: '/api/v1/execute',
    summary: 'Start a run of one to five scenarios',
    body: ExecuteBody,
    answers: accepted(ExecuteAnswer, 'started, or the same request was started within the last minute'),
    errors: [404, 429],
  },
  {
    ...get,
    name: 'api_execution',
    path: '/api/v1/executions/{id}',
    summary: 'One execution',
    pathParams: IdPath,
    answers: ok(ExecutionAnswer),
    errors: [404],
  },
  {
    ...get,
    name: 'api_agents',
    path: '/api/v1/agents',
    summary: 'Agents, those of the newest run first',
    query: AgentsQuery,
    answers: ok(AgentsAnswer),
  },
  {
    ...get,
    name: 'api_agent',
    path: '/api/v1/agents/{id}',
    summary: 'One agent',
    pathParams: IdPath,
    answers: ok(AgentInfo),
    errors: [404],
  },
  {
    ...get,
    name: 'api_agent_logs',
    path: '/api/v1/agents/{id}/logs',
    summary: 'What an agent said, as JSON or, with follow=true and Accept: text/event-stream, as events',
    pathParams: IdPath,
    query: LogsQuery,
    answers: {
      200: { description: 'in time order', schema: LogsAnswer, also: ['text/event-stream'] },
      204: { description: 'to one who follows: nothing more will come' },
    },
    errors: [404],
  },
  {
    ...get,
    name: 'api_resources',
    path: '/api/v1/resources',
    summary: 'Everything that was made, that of the newest run first',
    query: ResourcesQuery,
    answers: ok(ResourcesAnswer),
  },
  {
    ...post,
    name: 'api_cleanup',
    path: '/api/v1/cleanup',
    summary: 'Clean up behind ended runs, or say what that would delete',
    body: CleanupBody,
    answers: accepted(CleanupAnswer, 'started, or, with dry_run, the list'),
    errors: [404, 409, 429],
  },
  {
    ...get,
    name: 'api_cleanup_status',
    path: '/api/v1/cleanup/{id}',
    summary: 'How a clean-up is doing',
    pathParams: IdPath,
    answers: ok(CleanupAnswer),
    errors: [404],
  },
  {
    ...get,
    name: 'api_runs',
    path: '/api/v1/runs',
    summary: 'Runs, newest first',
    query: RunsQuery,
    answers: ok(RunsAnswer),
  },
  {
    ...get,
    name: 'api_run',
    path: '/api/v1/runs/{id}',
    summary: 'One whole run: phases, agents, checks, evidence of the clean-up',
    pathParams: IdPath,
    answers: ok(RunDetail),
    errors: [404],
  },
  {
    ...get,
    name: 'api_run_report',
    path: '/api/v1/runs/{id}/report',
    summary: 'The report of a run that has ended',
    pathParams: IdPath,
    query: ReportQuery,
    answers: { 200: { description: 'the report', json: true, also: ['text/html'] } },
    errors: [404],
  },
  {
    ...post,
    name: 'api_run_stop',
    path: '/api/v1/runs/{id}/stop',
    summary: 'End the monitoring of a run; clean-up and report follow',
    pathParams: IdPath,
    body: StopBody,
    answers: accepted(StopAnswer, 'the run has been told'),
    errors: [404, 409],
  },
  {
    ...get,
    name: 'api_scenarios',
    path: '/api/v1/scenarios',
    summary: 'The catalogue',
    query: ScenariosQuery,
    answers: ok(ScenariosAnswer),
  },
  {
    ...get,
    name: 'api_scenario',
    path: '/api/v1/scenarios/{id}',
    summary: 'One scenario with its document',
    pathParams: IdPath,
    answers: ok(ScenarioDetail),
    errors: [404],
  },
  {
    ...post,
    name: 'orchestrator_start',
    path: '/api/orchestrators/{name}',
    summary: 'Start an orchestrator by its name',
    pathParams: StartPath,
    anyBody: true,
    answers: accepted(ManagementPayload, 'started'),
    errors: [404, 429],
  },
  {
    ...get,
    name: 'orchestrator_status',
    path: '/api/orchestrators/{id}/status',
    summary: 'An instance',
    pathParams: IdPath,
    answers: ok(InstanceAnswer),
    errors: [404],
  },
  {
    ...post,
    name: 'orchestrator_raise',
    path: '/api/orchestrators/{id}/raise/{event}',
    summary: 'Hand an event to an instance that waits for it',
    pathParams: RaisePath,
    anyBody: true,
    answers: accepted(RaiseAnswer, 'handed over'),
    errors: [404, 410],
  },
];
