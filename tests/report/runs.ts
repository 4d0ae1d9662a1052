import type { AgentRecord, AgentState } from '../../src/domain/agent.ts';
import type { CheckResult } from '../../src/domain/check.ts';
import { CLEANUP_SOURCES, type CleanupRound, type Leftover } from '../../src/domain/cleanup.ts';
import { addSeconds } from '../../src/domain/duration.ts';
import type { AgentEvent } from '../../src/domain/event.ts';
import type { LedgerEntry } from '../../src/domain/ledger.ts';
import { stem } from '../../src/domain/naming.ts';
import { AREAS } from '../../src/domain/scenario.ts';
import type { AgentEventSummary, ReportInput } from '../../src/report/build.ts';

export const START = '2026-11-21T14:30:00.000Z';
export const RUN_ID = 'exec-20261121-1a2b3c4d';
const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000001';

/** The instant `seconds` after the start of the run. */
export const at = (seconds: number): string => addSeconds(START, seconds);

export const CHECKS: readonly CheckResult[] = [
  'target-credentials',
  'subscription',
  'graph',
  'key-vault',
  'service-bus',
  'storage',
  'container-apps-environment',
  'agent-image',
  'anthropic',
].map((name, index) => ({
  name,
  passed: true,
  detail: 'Answered as expected.',
  durationMs: 40 + index * 31,
}));

export interface RunShape {
  /** How each agent ended, in order. */
  readonly ends: readonly AgentState[];
  /** How long the agents worked. */
  readonly workSeconds: number;
  /** Resources that each agent made itself. */
  readonly resourcesPerAgent?: number;
  readonly rounds?: readonly CleanupRound[];
}

/** The input of a report of a whole run: provisioned, watched, cleaned in three rounds of which two are clean. */
export function runInput(shape: RunShape): ReportInput {
  const provisioned = 10;
  const worked = provisioned + shape.workSeconds;
  const agents = shape.ends.map((state, index) => agentRecord(state, index, provisioned, worked));
  const rounds = shape.rounds ?? [
    cleanupRound(1, worked + 4, { found: 3 }),
    cleanupRound(2, worked + 12),
    cleanupRound(3, worked + 20),
  ];
  return {
    run: {
      runId: RUN_ID,
      trigger: 'api',
      phase: 'reporting',
      status: 'running',
      cleanupStatus: 'pending',
      startedAt: START,
      scenarios: agents.map(({ scenarioId }) => scenarioId),
    },
    phases: [
      { phase: 'validating', startedAt: at(0), endedAt: at(3) },
      { phase: 'selecting', startedAt: at(3), endedAt: at(4) },
      { phase: 'provisioning', startedAt: at(4), endedAt: at(provisioned) },
      { phase: 'monitoring', startedAt: at(provisioned), endedAt: at(worked) },
      { phase: 'cleaning', startedAt: at(worked), endedAt: at(worked + 21) },
      { phase: 'reporting', startedAt: at(worked + 21), endedAt: at(worked + 22) },
    ],
    checks: CHECKS,
    plan: {
      runId: RUN_ID,
      seed: 'haymaker-demo',
      size: agents.length,
      startedAt: START,
      endsAt: at(worked),
      expiresOn: at(worked + 900),
      checkIntervalSeconds: 900,
      graceSeconds: 900,
      cleanup: { rounds: 20, cleanPasses: 2, passIntervalSeconds: 60 },
      tags: {},
      agents: agents.map(({ agentId, scenarioId, title, area }) => ({ agentId, scenarioId, title, area })),
      skipped: [],
      rejected: [],
      selection: {
        weights: {},
        excluded: [],
        minAreas: 10,
        avoidRepeats: false,
        allowPrivileged: false,
        lastRun: [],
      },
      notes: [],
    },
    agents,
    ledger: agents.flatMap((agent, index) =>
      ledgerOf(agent, shape.resourcesPerAgent ?? index % 4, provisioned, worked),
    ),
    eventCounts: Object.fromEntries(
      agents.map((agent, index) => [
        agent.agentId,
        eventSummary(agent, shape.resourcesPerAgent ?? index % 4),
      ]),
    ),
    rounds,
    result: {
      status: 'verified',
      rounds: rounds.length,
      cleanPasses: 2,
      removed: agents.length * 5,
      remaining: 0,
      blindSources: [],
      quarantined: [],
    },
    problems: [],
    completedAt: at(worked + 22),
  };
}

const AREA_IDS = AREAS.map((area) =>
  area
    .toLowerCase()
    .replace(/[^a-z]+/g, '-')
    .slice(0, 17),
);

function agentRecord(state: AgentState, index: number, provisioned: number, worked: number): AgentRecord {
  const area = AREAS[index % AREAS.length] ?? 'Compute';
  const scenarioId = `${AREA_IDS[index % AREAS.length]}-${String(Math.floor(index / AREAS.length) + 1).padStart(2, '0')}`;
  const share = 0.6 + ((index * 7) % 5) / 10;
  const endedAt = at(Math.round(provisioned + (worked - provisioned) * Math.min(share, 1)));
  const base = {
    runId: RUN_ID,
    agentId: stem(RUN_ID, scenarioId),
    scenarioId,
    title: `${area}: an ordinary day of a small team`,
    area,
    state,
  };
  const provisionedAt = at(provisioned - 4 + (index % 4));
  const startedAt = at(provisioned + (index % 5));
  switch (state) {
    case 'completed':
      return { ...base, provisionedAt, startedAt, endedAt };
    case 'failed':
      return { ...base, provisionedAt, startedAt, endedAt, error: 'The agent exited with code 1.' };
    case 'lost':
      return { ...base, provisionedAt, startedAt, endedAt: at(worked), lastHeardAt: endedAt };
    case 'running':
      return { ...base, provisionedAt, startedAt, lastHeardAt: endedAt };
    case 'removed':
      return {
        ...base,
        endedAt: provisionedAt,
        error: 'QuotaExceeded: 10 of 10 cores are in use in eastus.',
      };
    case 'provisioning':
      return base;
  }
}

function ledgerOf(agent: AgentRecord, made: number, provisioned: number, worked: number): LedgerEntry[] {
  const group = `${SUBSCRIPTION}/resourceGroups/${agent.agentId}`;
  const ours = (kind: LedgerEntry['kind'], id: string, secondsBefore: number): LedgerEntry => ({
    runId: RUN_ID,
    agentId: agent.agentId,
    kind,
    id,
    state: 'deleted',
    source: 'orchestrator',
    at: at(provisioned - secondsBefore),
    removedAt: at(worked + 8),
    removedBy: 'cleanup',
  });
  const byAgent = Array.from({ length: made }, (_, index): LedgerEntry => {
    const removedByAgent = agent.state === 'completed' || index % 2 === 0;
    return {
      runId: RUN_ID,
      agentId: agent.agentId,
      kind: 'resource',
      id: `${group}/providers/Microsoft.Storage/storageAccounts/hm${index}data`,
      resourceType: 'Microsoft.Storage/storageAccounts',
      state: removedByAgent ? 'deleted' : 'created',
      source: 'agent',
      at: at(provisioned + 5 + index),
      ...(removedByAgent ? { removedAt: at(worked - 6 + index), removedBy: 'agent' } : {}),
    };
  });
  return [
    ours('resource-group', group, 6),
    ours('application', agent.agentId, 5),
    ours('role-assignment', `${group}/providers/Microsoft.Authorization/roleAssignments/9f1c`, 4),
    ours('secret', agent.agentId, 3),
    ours('job', `${SUBSCRIPTION}/resourceGroups/haymaker/providers/Microsoft.App/jobs/${agent.agentId}`, 2),
    ...byAgent,
  ];
}

function eventSummary(agent: AgentRecord, resourcesCreated: number): AgentEventSummary {
  const operations = 12 + resourcesCreated * 9;
  const errors = agent.state === 'failed' ? [errorEvent(agent, 'az vm create: QuotaExceeded in eastus')] : [];
  return {
    events: operations + 6,
    operations,
    resourcesCreated,
    cleanupComplete: agent.state === 'completed',
    errors,
  };
}

/** An error event of an agent. */
export function errorEvent(agent: AgentRecord, message: string, timestamp = at(30)): AgentEvent {
  return {
    event_type: 'error',
    event_id: `${agent.agentId}-${timestamp}`,
    timestamp,
    run_id: RUN_ID,
    agent_id: agent.agentId,
    scenario: agent.scenarioId,
    severity: 'error',
    message,
  };
}

/** A round of verification: clean unless it `found` something, has `leftovers` or a `silent` source. */
export function cleanupRound(
  round: number,
  atSeconds: number,
  saw: { found?: number; leftovers?: readonly Leftover[]; silent?: (typeof CLEANUP_SOURCES)[number] } = {},
): CleanupRound {
  const found = saw.found ?? saw.leftovers?.length ?? 0;
  const verdict = saw.silent ? 'unknown' : found > 0 ? 'leftovers' : 'clean';
  return {
    runId: RUN_ID,
    sweep: '20261121T143000Z',
    round,
    askedAt: at(atSeconds),
    verdict,
    evidence: CLEANUP_SOURCES.map((source, index) => ({
      source,
      askedAt: at(atSeconds + 1),
      outcome: source === saw.silent ? 'failed' : 'answered',
      found: index < found ? 1 : 0,
      ...(source === saw.silent ? { detail: 'TooManyRequests: asked to wait 30 s' } : {}),
    })),
    leftovers: saw.leftovers ?? [],
  };
}

/** A leftover in the first agent's group. */
export function leftover(name: string, agentId: string): Leftover {
  return {
    kind: 'resource',
    id: `${SUBSCRIPTION}/resourceGroups/${agentId}/providers/Microsoft.Network/virtualNetworks/${name}`,
    source: 'arm-groups',
    agentId,
    resourceType: 'Microsoft.Network/virtualNetworks',
  };
}
