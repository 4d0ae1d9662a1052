import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { scenarioOf } from '../domain/naming.ts';
import type { Position } from '../records/logLines.ts';
import type { LoggedEvent, LogPart } from '../records/logs.ts';
import type { Records } from '../records/records.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { ApiCall } from './endpoint.ts';
import { ApiError, notFound } from './errors.ts';
import { eventStream } from './eventStream.ts';
import { parseQuery, pathId } from './parameters.ts';
import { type LogLine, LogsQuery } from './schemas/agents.ts';

const LEVELS = { info: 'INFO', warning: 'WARNING', error: 'ERROR' } as const;

/** GET api/v1/agents/{id}/logs: the end of the log, or what came after a cursor; as server-sent events on request. */
export async function logs(request: HttpRequest, { services }: ApiCall): Promise<HttpResponseInit> {
  const agentId = pathId(request, 'AGENT_NOT_FOUND', 'agent');
  const { tail, since, follow, cursor: given } = parseQuery(LogsQuery, request);
  if (since !== undefined && given !== undefined) {
    throw new ApiError(400, 'INVALID_PARAMETER', 'Send either since or cursor, not both.', {
      details: { parameter: 'since' },
    });
  }
  const records = await services.records();
  const runId = await records.agents.runOf(agentId);
  if (!runId) throw notFound('AGENT_NOT_FOUND', 'agent', agentId);

  const streams = follow === 'true' && accepts(request, 'text/event-stream');
  // A browser that reconnects sends the URL as it was, and where it stopped in a header.
  const cursor = (streams ? request.headers.get('last-event-id') : null) ?? given;
  const from = cursor === undefined ? undefined : positionOf(agentId, cursor);
  const read = (position: Position | undefined) => readLog(records, { runId, agentId, tail }, position);
  const isSince = ({ event }: LoggedEvent) =>
    since === undefined || Date.parse(event.timestamp) >= Date.parse(since);
  if (streams) {
    const hasEnded = async () => (await records.runs.get(runId))?.completedAt !== undefined;
    return eventStream({ from, read, hasEnded, wanted: isSince, frame: (one) => frame(agentId, one) });
  }
  const part = await read(from);
  const lines = part.events.filter(isSince).map(({ event }) => logLine(event));
  lines.sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp));
  return {
    jsonBody: {
      logs: lines,
      next_since: lines.at(-1)?.timestamp ?? since ?? null,
      next_cursor: cursorAt(agentId, part.end),
    },
  };
}

function readLog(
  { logs }: Records,
  { runId, agentId, tail }: { runId: string; agentId: string; tail: number },
  from: Position | undefined,
): Promise<LogPart> {
  return from ? logs.after(runId, agentId, from, tail) : logs.tail(runId, agentId, tail);
}

function accepts(request: HttpRequest, type: string): boolean {
  return (request.headers.get('accept') ?? '').toLowerCase().includes(type);
}

function scopeOf(agentId: string): string {
  return `logs ${agentId}`;
}

function cursorAt(agentId: string, { part, offset }: Position): string {
  return encodeCursor(scopeOf(agentId), `${part}.${offset}`);
}

/** @throws ApiError 400 for a cursor of another agent, or one that was changed */
function positionOf(agentId: string, cursor: string): Position {
  const [part = 0, offset = 0] = decodeCursor(scopeOf(agentId), cursor).split('.').map(Number);
  return { part, offset };
}

/** One server-sent event. Its id is where the log goes on after it. */
function frame(agentId: string, { event, end }: LoggedEvent): string {
  return `id: ${cursorAt(agentId, end)}\nevent: log\ndata: ${JSON.stringify(logLine(event))}\n\n`;
}

function logLine(event: LoggedEvent['event']): LogLine {
  const { resource_id, resource_type, details } = event;
  return {
    timestamp: event.timestamp,
    level: LEVELS[event.severity],
    message: event.message,
    agent_id: event.agent_id,
    scenario: scenarioOf(event.agent_id) || event.scenario,
    metadata: {
      ...details,
      ...(resource_id ? { resource_id } : {}),
      ...(resource_type ? { resource_type } : {}),
    },
    source: 'agent',
    event_id: event.event_id,
    event_type: event.event_type,
  };
}
