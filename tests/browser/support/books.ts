import { execFile } from 'node:child_process';
import type { Stack } from '../../../local/stack/stack.ts';
import type { AgentRecord } from '../../../src/domain/agent.ts';
import type { CheckResult } from '../../../src/domain/check.ts';
import type { CleanupRound } from '../../../src/domain/cleanup.ts';
import type { AgentEvent } from '../../../src/domain/event.ts';
import type { LedgerEntry } from '../../../src/domain/ledger.ts';
import type { Report } from '../../../src/domain/report.ts';
import type { Phase } from '../../../src/domain/run.ts';
import type { ListedRun } from '../../../src/records/runs.ts';
import { buildReport } from '../../../src/report/build.ts';
import { renderReport } from '../../../src/report/html.tsx';
import { cleanupRound, leftover, RUN_ID, runInput } from '../../report/runs.ts';
import { HOSTILE, hostile, PAYLOADS } from './hostile.ts';

/** Everything that the app's storage holds of some runs. */
export interface Books {
  readonly run: ListedRun;
  readonly phases: readonly { readonly phase: Phase; readonly startedAt: string }[];
  readonly agents: readonly AgentRecord[];
  readonly ledger: readonly LedgerEntry[];
  readonly events: readonly AgentEvent[];
  readonly checks?: readonly CheckResult[];
  readonly rounds?: readonly CleanupRound[];
  readonly report?: { readonly report: Report; readonly html: string };
}

const ago = (seconds: number) => new Date(Date.now() - seconds * 1_000).toISOString();

/** A run that is at its monitoring with so many agents, of which the first has said so much. */
export function largeRun(runId: string, agentCount: number, lines: number): Books {
  const agents = Array.from({ length: agentCount }, (_, index): AgentRecord => {
    const scenarioId = `compute-${String(index + 1).padStart(3, '0')}`;
    return {
      runId,
      agentId: `hm-1a2b3c4d-${scenarioId}`,
      scenarioId,
      title: `The day number ${index + 1} of a small team`,
      area: 'Compute',
      state: index % 7 === 6 ? 'failed' : index % 3 === 2 ? 'completed' : 'running',
      provisionedAt: ago(900),
      startedAt: ago(880 - (index % 60)),
      ...(index % 7 === 6 || index % 3 === 2 ? { endedAt: ago(300 - (index % 60)) } : {}),
      lastHeardAt: ago(index % 60),
      lastMessage: `Reviewed the activity log of storage account number ${index + 1}.`,
      operations: index,
    };
  });
  const first = agents[0]?.agentId ?? '';
  return {
    run: {
      runId,
      trigger: 'api',
      phase: 'monitoring',
      status: 'running',
      cleanupStatus: 'pending',
      startedAt: ago(1_000),
      endsAt: ago(-3_600),
      scenarios: agents.map(({ scenarioId }) => scenarioId),
    },
    phases: [
      { phase: 'validating', startedAt: ago(1_000) },
      { phase: 'selecting', startedAt: ago(990) },
      { phase: 'provisioning', startedAt: ago(980) },
      { phase: 'monitoring', startedAt: ago(880) },
    ],
    agents,
    ledger: [],
    events: Array.from({ length: lines }, (_, index) => ({
      event_type: 'operation' as const,
      event_id: `event-${index}`,
      timestamp: ago(870 - (index * 800) / lines),
      run_id: runId,
      agent_id: first,
      scenario: 'compute-001',
      severity: index % 50 === 49 ? ('error' as const) : index % 10 === 9 ? ('warning' as const) : 'info',
      message: `Operation ${index + 1}: looked at the virtual machine, its disk and its network card.`,
    })),
  };
}

/** A run that has ended, whose every word was written by somebody who means harm. */
export function hostileRun(): Books {
  const input = runInput({ ends: ['completed', 'failed', 'removed'], workSeconds: 60, resourcesPerAgent: 3 });
  const [agentId = ''] = input.agents.map((agent) => agent.agentId);
  const left = leftover('vnet', agentId);
  const rounds = [cleanupRound(1, 80, { leftovers: [left], silent: 'key-vault' })];
  const failed = { name: 'storage', passed: false, detail: 'It refused.', advice: 'Ask.', durationMs: 3 };
  const report = buildReport({
    ...input,
    rounds,
    checks: [...input.checks, failed],
    problems: [{ at: input.completedAt, where: 'cleaning', message: 'It broke.' }],
    result: {
      status: 'leftovers',
      rounds: 1,
      cleanPasses: 0,
      removed: 3,
      remaining: 1,
      blindSources: ['key-vault'],
      quarantined: [{ kind: 'resource', id: left.id, reason: 'a lock' }],
    },
  } as Parameters<typeof buildReport>[0]);
  // The ids of the run and of its agents lead to them; everything else is theirs to write.
  const evil = { ...hostile(report), runId: RUN_ID };
  const events = input.agents.flatMap((agent) =>
    PAYLOADS.map((payload, index) => ({
      event_type: 'operation' as const,
      event_id: `${agent.agentId}-${index}`.slice(-64),
      timestamp: input.completedAt,
      run_id: RUN_ID,
      agent_id: agent.agentId,
      scenario: agent.scenarioId,
      severity: 'error' as const,
      message: payload,
      resource_id: payload,
      resource_type: payload,
      details: { [payload]: payload },
    })),
  );
  return {
    run: {
      ...input.run,
      phase: 'ended',
      status: 'failed',
      cleanupStatus: 'leftovers',
      resourcesCreated: 25,
      leakedResources: 1,
      completedAt: input.completedAt,
      scenarios: input.run.scenarios.map((id) => `${id} ${HOSTILE}`),
      seed: HOSTILE,
      error: HOSTILE,
      reportPath: `reports/${RUN_ID}/report.json`,
    },
    phases: input.phases,
    agents: input.agents.map((agent) => ({
      ...hostile(agent),
      error: HOSTILE,
      lastMessage: HOSTILE,
      runId: RUN_ID,
      agentId: agent.agentId,
    })),
    ledger: input.ledger.map((entry) => ({ ...hostile(entry), runId: RUN_ID, agentId: entry.agentId })),
    events,
    checks: hostile([...input.checks, failed]),
    rounds: rounds.map((round) => ({ ...hostile(round), runId: RUN_ID, sweep: round.sweep })),
    report: { report: evil, html: renderReport(evil) },
  };
}

/** A run whose very id, and those of its agents, mean harm: no route leads to it, but lists show it. */
export function unspeakableRun(): Books {
  const runId = `run"><img src=x onerror=alert(11)>`;
  const books = hostileRun();
  const agents = books.agents.map((agent, index) => ({
    ...agent,
    runId,
    agentId: `hm-1"><img src=x onerror=alert(12)>-${index}`,
  }));
  return {
    run: { ...books.run, runId, startedAt: ago(7_200), completedAt: ago(7_000) },
    phases: books.phases,
    agents,
    ledger: [],
    events: [],
  };
}

/** Writes books into the storage of a stack, through the app's own records. */
export async function writeBooks(stack: Stack, books: readonly Books[]): Promise<void> {
  const script = new URL('./writeBooks.ts', import.meta.url).pathname;
  await new Promise<void>((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [script],
      { env: { ...process.env, ...stack.environment } },
      (error, _stdout, stderr) => (error ? reject(new Error(stderr)) : resolve()),
    );
    child.stdin?.end(JSON.stringify(books));
  });
}
