import { AgentEvent, PROBE_EVENT_TYPE } from '../domain/event.ts';
import { runPrefix } from '../domain/naming.ts';

/** What a message of the topic is, once looked at. */
export type Reading =
  | { readonly kind: 'event'; readonly event: AgentEvent }
  | { readonly kind: 'probe'; readonly probeId: string }
  | { readonly kind: 'unreadable'; readonly why: string };

/** Characters that neither an instance id of Durable Functions nor a key of a table may have. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that keys must not have
const NOT_IN_KEYS = /[/\\#?\u0000-\u001f\u007f-\u009f]/;

/** Pure: an agent's event, a probe of our own, or why it is neither. */
export function readMessage(message: unknown): Reading {
  const probeId = probeOf(message);
  if (probeId !== undefined) return { kind: 'probe', probeId };
  const parsed = AgentEvent.safeParse(message);
  if (!parsed.success) {
    const issues = parsed.error.issues.map(
      ({ path, message: text }) => `${path.join('.') || 'message'}: ${text}`,
    );
    return { kind: 'unreadable', why: `not an agent's event: ${issues.join('; ')}` };
  }
  const { run_id: runId, agent_id: agentId } = parsed.data;
  if (!agentId.startsWith(runPrefix(runId)) || NOT_IN_KEYS.test(runId) || NOT_IN_KEYS.test(agentId)) {
    const why = `not an agent's event: agent_id ${agentId} does not belong to run ${runId}`;
    return { kind: 'unreadable', why };
  }
  return { kind: 'event', event: parsed.data };
}

function probeOf(message: unknown): string | undefined {
  if (message === null || typeof message !== 'object') return undefined;
  if (!('event_type' in message && 'event_id' in message)) return undefined;
  return message.event_type === PROBE_EVENT_TYPE ? String(message.event_id) : undefined;
}
