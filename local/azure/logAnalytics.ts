import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { azureError, type Reply, type Request, type Service } from './core.ts';

/** The workspace that the pretend app logs to. */
export const WORKSPACE_ID = 'e1c7a9d4-5b20-4f6e-8a13-90d2c4b7f658';

/** Levels of the host's log in the numbers of Application Insights. */
const SEVERITY: Readonly<Record<string, number>> = {
  trace: 0,
  debug: 0,
  information: 1,
  warning: 2,
  error: 3,
  critical: 4,
};
const COLUMNS = [
  { name: 'TimeGenerated', type: 'datetime' },
  { name: 'SeverityLevel', type: 'int' },
  { name: 'Message', type: 'string' },
  { name: 'OperationName', type: 'string' },
];
const LINE = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (\w+) ([^:]+): (.*)$/;

type Row = readonly [time: string, severity: number, message: string, operation: string];

/**
 * Azure Monitor's query API (https://learn.microsoft.com/rest/api/loganalytics/query/execute) over the log file of the
 * Functions host, for queries that are newer-than-a-time, newest first, so many. `readLog` returns the file's text.
 */
export function createLogAnalytics(readLog: () => string): Service {
  return {
    name: 'log-analytics',
    hosts: /^api\.loganalytics\.(io|azure\.com)$/i,
    audiences: ['https://api.loganalytics.io'],
    handle: (request) => ({ ...answer(request, readLog), operation: 'query' }),
  };
}

/** The text of a log file; empty before there is one. */
export function logFile(path: string): () => string {
  return () => {
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw error;
    }
  };
}

function answer({ method, path, json }: Request, readLog: () => string): Reply {
  const [, workspace] = /^\/v1\/workspaces\/([^/]+)\/query$/.exec(path) ?? [];
  if (method !== 'POST' || !workspace) {
    return azureError(404, 'PathNotFoundError', 'The requested path does not exist');
  }
  if (workspace !== WORKSPACE_ID) {
    return azureError(404, 'WorkspaceNotFoundError', `The workspace '${workspace}' could not be found`);
  }
  const body = z.object({ query: z.string() }).safeParse(json);
  const [, since] = /where TimeGenerated > datetime\(([^)]+)\)/.exec(body.data?.query ?? '') ?? [];
  const [, take] = /\| take (\d+)\s*$/.exec(body.data?.query ?? '') ?? [];
  if (!since || Number.isNaN(Date.parse(since)) || !take || !body.data?.query.includes('AppTraces')) {
    return azureError(400, 'BadArgumentError', 'The request had some invalid properties');
  }
  const rows = rowsOf(readLog())
    .filter(([time]) => Date.parse(time) > Date.parse(since))
    .reverse()
    .slice(0, Number(take));
  return { status: 200, body: { tables: [{ name: 'PrimaryResult', columns: COLUMNS, rows }] } };
}

function rowsOf(text: string): Row[] {
  return text.split('\n').flatMap((line): Row[] => {
    const [, time, level, operation, message] = LINE.exec(line) ?? [];
    const severity = SEVERITY[level ?? ''];
    return time && operation && severity !== undefined ? [[time, severity, message ?? '', operation]] : [];
  });
}
