import type { Moment } from './cases.ts';

/** What is told to the stand-in's control endpoint, by path. */
export interface Lie {
  readonly lies?: Readonly<Record<string, unknown>>;
  readonly delays?: Readonly<Record<string, number>>;
  /** How both agents behave. */
  readonly behaviour?: string;
  /** How far the clock of the cloud or of the app's host jumps, and when. */
  readonly jump?: { readonly clock: 'cloud' | 'host'; readonly aheadMs: number; readonly moment: Moment };
  /** The lie ends by itself so long after the run has entered its clean-up. */
  readonly endsAfterCleaningMs?: number;
}

/** The run's window and its clean-up are over within half a minute: these are long in comparison. */
const LONG_MS = 15_000;
const MINUTE_MS = 60_000;

const LIES = {
  'index-lags': { delays: { graphIndexLag: LONG_MS } },
  'index-empty-for-a-while': { lies: { index: 'empty' }, endsAfterCleaningMs: LONG_MS },
  'index-always-empty': { lies: { index: 'empty' } },
  'index-truncated': { lies: { index: 'truncated' } },
  'index-single-rows': { lies: { index: 'single-rows' } },
  'group-deletion-leaves-a-resource': { lies: { groupDeletionLeaves: true } },
  'resource-reappears-soon': { lies: { reappearAfterMs: 300 } },
  'resource-reappears-between-the-passes': { lies: { reappearAfterMs: 1_500 } },
  'agent-untagged': { behaviour: 'untagged' },
  'agent-outside-its-group': { behaviour: 'outside' },
  'agent-after-its-end': { behaviour: 'late' },
  'agent-deaf': { behaviour: 'deaf' },
  'agent-untagged-with-an-empty-index': { behaviour: 'untagged', lies: { index: 'empty' } },
  'cloud-clock-ahead': { jump: { clock: 'cloud', aheadMs: 120 * MINUTE_MS, moment: 'monitoring' } },
  'cloud-clock-back': { jump: { clock: 'cloud', aheadMs: -10_000, moment: 'cleaning' } },
  'host-clock-ahead': { jump: { clock: 'host', aheadMs: 120 * MINUTE_MS, moment: 'provisioning' } },
  'host-clock-ahead-in-clean-up': { jump: { clock: 'host', aheadMs: 120 * MINUTE_MS, moment: 'cleaning' } },
  'host-clock-back': { jump: { clock: 'host', aheadMs: -10_000, moment: 'monitoring' } },
} as const satisfies Record<string, Lie>;

export type LiarName = keyof typeof LIES;
export const LIARS: readonly LiarName[] = Object.keys(LIES) as LiarName[];

export function lieOf(name: LiarName): Lie {
  return LIES[name];
}
