import type { Decision } from '../host/durable/replay.ts';
import type { Turn } from './turns.ts';

/**
 * Where an orchestrator of today would act otherwise than the recorded one, a sentence each; empty when a run that began
 * under the recorded release can go on under this one. Inputs and outputs may have got more fields; what was there must
 * be there as it was, for an activity of the other release may be the one that reads it.
 */
export function differences(recorded: readonly Turn[], today: readonly Turn[]): string[] {
  return recorded.flatMap((turn, index) => {
    const now = today[index];
    const where = `turn ${index + 1} of ${recorded.length}`;
    if (!now) return [`${where}: today's orchestrator does not get there`];
    return [...compareDecisions(turn, now), ...compareEnds(turn, now)].map((what) => `${where}: ${what}`);
  });
}

function compareDecisions({ decisions: before }: Turn, { decisions: now }: Turn): string[] {
  const length = Math.max(before.length, now.length);
  return Array.from({ length }, (_, at) => {
    const [old, fresh] = [before[at], now[at]];
    if (!old || !fresh || headline(old) !== headline(fresh)) {
      return `recorded: ${old ? headline(old) : 'nothing'}; today: ${fresh ? headline(fresh) : 'nothing'}`;
    }
    if (old.kind === 'timer' || fresh.kind === 'timer' || holds(fresh.input, old.input)) return '';
    return `${headline(old)}: its input was ${short(old.input)} and is ${short(fresh.input)}`;
  }).filter((text) => text !== '');
}

function compareEnds({ end: before }: Turn, { end: now }: Turn): string[] {
  if (holds(now ?? null, before ?? null) && (before === undefined) === (now === undefined)) return [];
  return [`ended with ${short(before)}, and today with ${short(now)}`];
}

/** What the engine compares when it replays: number, kind and name. */
function headline(decision: Decision): string {
  switch (decision.kind) {
    case 'activity':
      return `#${decision.id} calls ${decision.name}`;
    case 'subOrchestration':
      return `#${decision.id} starts ${decision.name} as ${decision.instanceId ?? 'an id of the engine'}`;
    case 'timer':
      return `#${decision.id} waits until ${new Date(decision.fireAt).toISOString()}`;
  }
}

/** True when `now` has all that `before` has, with the same values; it may have more fields. */
function holds(now: unknown, before: unknown): boolean {
  if (Array.isArray(before)) {
    return (
      Array.isArray(now) && now.length === before.length && before.every((item, at) => holds(now[at], item))
    );
  }
  if (before === null || typeof before !== 'object') return now === before;
  if (now === null || typeof now !== 'object') return false;
  const fields: Record<string, unknown> = { ...now };
  return Object.entries(before).every(([key, value]) => holds(fields[key], value));
}

function short(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 300);
}
