import { z } from 'zod';
import type { AzureRequest } from '../azure/request.ts';

/** Azure Monitor's query API: learn.microsoft.com/rest/api/loganalytics/query/execute */
export const LOGS_API = 'https://api.loganalytics.io';

const Cell = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const Answer = z.object({
  tables: z.array(
    z.looseObject({
      columns: z.array(z.looseObject({ name: z.string() })),
      rows: z.array(z.array(Cell)),
    }),
  ),
});

/** A line of the app's own log. */
export interface AppLogLine {
  readonly timestamp: string;
  readonly level: string;
  readonly message: string;
  readonly function: string;
}

const LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR', 'CRITICAL'];

/** The last `tail` lines that are newer than `since` (ISO), the oldest first. Throws CommandFailure. */
export async function appLogs(
  azure: AzureRequest,
  workspaceId: string,
  wanted: { readonly tail: number; readonly since: string },
): Promise<AppLogLine[]> {
  const url = `${LOGS_API}/v1/workspaces/${encodeURIComponent(workspaceId)}/query`;
  const { tables } = await azure('POST', url, Answer, { query: logsQuery(wanted) });
  const [table] = tables;
  if (!table) return [];
  const at = (name: string) => table.columns.findIndex((column) => column.name === name);
  const [time, level, message, operation] = [
    'TimeGenerated',
    'SeverityLevel',
    'Message',
    'OperationName',
  ].map(at);
  const cell = (row: readonly unknown[], index: number | undefined) => row[index ?? -1] ?? '';
  return table.rows
    .map((row) => ({
      timestamp: String(cell(row, time)),
      level: LEVELS[Number(cell(row, level))] ?? 'INFO',
      message: String(cell(row, message)),
      function: String(cell(row, operation)),
    }))
    .reverse();
}

/** Traces and exceptions, the newest first; the tables are those of a workspace-based Application Insights. Pure. */
export function logsQuery({ tail, since }: { readonly tail: number; readonly since: string }): string {
  return [
    'union (AppTraces | project TimeGenerated, SeverityLevel, Message, OperationName),',
    '(AppExceptions | project TimeGenerated, SeverityLevel, Message = OuterMessage, OperationName)',
    `| where TimeGenerated > datetime(${since})`,
    '| order by TimeGenerated desc',
    `| take ${tail}`,
  ].join('\n');
}
