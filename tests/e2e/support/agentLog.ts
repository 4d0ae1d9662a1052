import { readFileSync } from 'node:fs';
import { AgentEvent } from '../../../src/domain/event.ts';

/** What a real agent said on its standard output, in order; it is the same as what it sent. */
export function agentLog(file: string): AgentEvent[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => AgentEvent.parse(JSON.parse(line)));
}

/** Steps that were performed well, of one phase, each once, in the order of their first performance. */
export function stepsDone(
  events: readonly AgentEvent[],
  phase: 'deploy' | 'operate' | 'clean up',
): unknown[] {
  const done = events.filter(
    ({ event_type, details }) => event_type === 'operation' && details?.phase === phase,
  );
  return [...new Set(done.map(({ details }) => details?.step))];
}
