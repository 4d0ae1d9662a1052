import type { AgentInfo } from '../../src/api/schemas/agents.ts';
import type { RunDetail } from '../../src/api/schemas/runs.ts';
import type { AgentState } from '../../src/domain/agent.ts';
import type { Phase } from '../../src/domain/run.ts';
import { secondsBetween } from '../../src/report/units.ts';
import type { Course, Lane } from '../../src/view/timeline.tsx';
import { hrefs } from '../route.ts';

/** What an agent is doing, in a word. */
export const AGENT_STATES: Readonly<Record<string, string>> = {
  provisioning: 'being provisioned',
  running: 'at work',
  completed: 'completed',
  failed: 'failed',
  lost: 'lost',
  removed: 'undone',
};
const SHORT_RUN_SECONDS = 2 * 3_600;

/** The drawing of a run that is at work. */
export function liveCourse(run: RunDetail, now: string): Course {
  const planned = run.scheduled_end_at ?? now;
  const until = run.completed_at ?? (planned > now ? planned : now);
  return {
    startedAt: run.started_at,
    until,
    endsAt: run.scheduled_end_at ?? undefined,
    now: run.completed_at ? undefined : now,
    phases: run.phases.map(({ phase, started_at, ended_at }) => ({
      phase: phase as Phase,
      startedAt: started_at,
      endedAt: ended_at ?? now,
    })),
    lanes: run.agents.map((agent) => laneOf(agent, run, now)),
    precision: secondsBetween(run.started_at, until) < SHORT_RUN_SECONDS ? 'second' : 'minute',
    withWords: true,
  };
}

function laneOf(agent: AgentInfo, run: RunDetail, now: string): Lane {
  const state = agent.state as AgentState;
  const waiting = state === 'provisioning' || state === 'removed';
  const to = agent.completed_at ?? (waiting ? agent.started_at : (run.completed_at ?? now));
  const silent = state === 'lost' && agent.last_event_at ? agent.last_event_at : to;
  return {
    id: agent.agent_id,
    label: agent.scenario,
    title: agent.title,
    state,
    words: agent.error ?? agent.progress ?? '',
    stateName: AGENT_STATES[state] ?? agent.state,
    endedAt: agent.completed_at ?? undefined,
    from: agent.started_at,
    heardUntil: silent,
    to,
    worked: !waiting,
    href: hrefs.agent(agent.agent_id),
  };
}
