import type { AgentState } from '../domain/agent.ts';
import type { RunRecord } from '../domain/run.ts';
import type { Tone } from './parts.tsx';

/** How the end of a run is coloured. */
export function statusTone(status: RunRecord['status']): Tone {
  switch (status) {
    case 'completed':
      return 'good';
    case 'completed_with_failures':
    case 'stopped':
      return 'warn';
    case 'failed':
      return 'bad';
    case 'running':
      return 'live';
  }
}

/** How the verdict of a clean-up is coloured. What is not known is as bad as what is left. */
export function cleanupTone(status: RunRecord['cleanupStatus']): Tone {
  switch (status) {
    case 'verified':
      return 'good';
    case 'not_needed':
      return 'quiet';
    case 'pending':
      return 'live';
    case 'leftovers':
    case 'unknown':
      return 'bad';
  }
}

export const AGENT_TONES: Record<AgentState, Tone> = {
  completed: 'good',
  failed: 'bad',
  lost: 'warn',
  running: 'warn',
  removed: 'bad',
  provisioning: 'warn',
};
