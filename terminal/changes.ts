import { cleanupWords, countWords, endWords } from './frame.ts';
import { printable } from './text.ts';
import type { RunView } from './view.ts';

/** Something that became different from one look to the next, in the words of the API. */
export type Change =
  | { readonly kind: 'phase'; readonly phase: string }
  | {
      readonly kind: 'agent';
      readonly agent_id: string;
      readonly scenario: string;
      readonly state: string;
      readonly message: string | null;
    }
  | ({ readonly kind: 'agents' } & RunView['counts'] & { readonly resources: number })
  | {
      readonly kind: 'cleanup';
      readonly round: number;
      readonly left: number;
      readonly verdict: string | null;
    }
  | { readonly kind: 'connection'; readonly state: 'lost' | 'back'; readonly message: string | null }
  | { readonly kind: 'abandoned' }
  | { readonly kind: 'ended'; readonly status: string; readonly cleanup_status: string | null };

/** A change and the line that says it. */
export interface SaidChange {
  readonly change: Change;
  readonly words: string;
}

/** What changed between two looks: phases, states of agents, counters, rounds of clean-up, the connection, the end. Pure. */
export function changesBetween(before: RunView, after: RunView): SaidChange[] {
  return [
    ...connection(before, after),
    ...phase(before, after),
    ...agents(before, after),
    ...counters(before, after),
    ...cleanup(before, after),
    ...end(before, after),
  ];
}

function connection(before: RunView, after: RunView): SaidChange[] {
  if (after.away && !before.away) {
    const { why } = after.away;
    return [
      {
        change: { kind: 'connection', state: 'lost', message: why },
        words: `${printable(why)} Trying again …`,
      },
    ];
  }
  if (before.away && !after.away) {
    return [
      { change: { kind: 'connection', state: 'back', message: null }, words: 'The app answers again.' },
    ];
  }
  return [];
}

function phase(before: RunView, after: RunView): SaidChange[] {
  if (!after.phase || after.phase === before.phase || after.phase === 'ended') return [];
  return [{ change: { kind: 'phase', phase: after.phase }, words: printable(after.phase) }];
}

function agents(before: RunView, after: RunView): SaidChange[] {
  const states = new Map(before.agents.map(({ agentId, state }) => [agentId, state]));
  return after.agents
    .filter(({ agentId, state }) => states.get(agentId) !== state)
    .map(({ agentId, scenario, state, last }) => ({
      change: { kind: 'agent', agent_id: agentId, scenario, state, message: last || null },
      words: printable(`${agentId} ${state}${last ? `: ${last}` : ''}`),
    }));
}

function counters(before: RunView, after: RunView): SaidChange[] {
  // Resources come one by one; they are worth a line only together with something else.
  const isSame = JSON.stringify(after.counts) === JSON.stringify(before.counts);
  if (after.counts.total === 0 || isSame) return [];
  const { counts, resources } = after;
  return [{ change: { kind: 'agents', ...counts, resources }, words: countWords(after) }];
}

function cleanup(before: RunView, after: RunView): SaidChange[] {
  const line = after.cleanup;
  if (!line || JSON.stringify(line) === JSON.stringify(before.cleanup)) return [];
  const { round, left, verdict } = line;
  return [
    {
      change: { kind: 'cleanup', round, left, verdict: verdict ?? null },
      words: `clean-up ${cleanupWords(line)}`,
    },
  ];
}

function end(before: RunView, after: RunView): SaidChange[] {
  if (after.isDead && !before.isDead) {
    return [
      {
        change: { kind: 'abandoned' },
        words: 'Nothing is at work on this run any more; the janitor follows.',
      },
    ];
  }
  if (after.status === 'running' || before.status === after.status) return [];
  const { status, cleanupStatus } = after;
  return [
    { change: { kind: 'ended', status, cleanup_status: cleanupStatus ?? null }, words: endWords(after) },
  ];
}
