import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../local/stack/stack.ts';
import type { ReportOutput } from '../../src/activities/contracts.ts';
import { agentLog, stepsDone } from './support/agentLog.ts';
import { request } from './support/http.ts';
import { leftInCloud, outcomeOf, startRun } from './support/run.ts';
import { QUICK, type Target } from './support/target.ts';

/** The last one hands on roles to what it makes. */
const SCENARIOS = [
  'compute-01',
  'containers-01',
  'databases-01',
  'networking-01',
  'security-01',
  'identity-02',
];

interface Call {
  readonly operation: string;
  readonly principal?: string;
  readonly path: string;
  readonly status: number;
}

let stack: Stack;
let at: Target;
let runId: string;
let outcome: ReportOutput;
let agents: string;

/** These agents are processes of this machine: it needs a stack of its own, not the host that HAYMAKER_URL points at. */
beforeAll(async () => {
  const settings = {
    ...QUICK,
    RUN_DURATION: 'PT150S',
    CLEANUP_GRACE: 'PT20S',
    ALLOW_PRIVILEGED_SCENARIOS: 'true',
  };
  stack = await startStack({ settings, seed: 'real agents', agents: 'real' });
  agents = join(stack.logs, '..', 'azure', 'agents');
  at = { url: stack.url, controlUrl: stack.standIn.controlUrl, stack, stop: () => stack.stop() };
  runId = await startRun(at, { body: { scenarios: SCENARIOS } });
  outcome = await outcomeOf(at, runId, 330_000);
}, 400_000);
afterAll(() => stack?.stop());

const logs = () => readdirSync(agents).filter((file) => file.endsWith('.log'));

describe('a run with real agents', () => {
  it('ends verified, every agent having cleaned up behind itself', async () => {
    expect(outcome).toMatchObject({
      cleanupStatus: 'verified',
      leftovers: 0,
      agents: { total: SCENARIOS.length, completed: SCENARIOS.length },
    });
    expect(await leftInCloud(at, runId)).toEqual([]);
  });

  it('performed at least eight different operations for every scenario', () => {
    expect(logs()).toHaveLength(SCENARIOS.length);
    for (const file of logs()) {
      const events = agentLog(join(agents, file));
      expect(stepsDone(events, 'operate').length, file).toBeGreaterThanOrEqual(8);
      expect(events.map(({ event_type }) => event_type)).toContain('cleanup_complete');
      expect(events.at(-1)?.event_type).toBe('agent_completed');
    }
  });

  it('has heard what they made, and every step in which the az of this machine is at a loss', async () => {
    const said = logs().flatMap((file) => agentLog(join(agents, file)));
    expect(said.filter(({ event_type }) => event_type === 'resource_created').length).toBeGreaterThan(10);
    expect(said.filter(({ message }) => message.includes('unknown to the shim'))).toEqual([]);
  });

  it('has given the agent that hands on roles a right to do so, and taken all of it away again', async () => {
    const answer = await request<{ calls: Call[] }>(`${at.controlUrl}/control/calls?detail=1`);
    const assignments = answer.body.calls.filter(({ operation }) => /roleAssignments\//.test(operation));
    const made = assignments.filter(
      ({ operation, status }) => operation.endsWith('/write') && status === 201,
    );
    const byAgent = made.filter(({ principal = '' }) => principal.includes('identity-02'));
    expect(byAgent.length).toBeGreaterThanOrEqual(4);
    expect(made.length - byAgent.length).toBe(SCENARIOS.length + 1);
    const refused = assignments.filter(({ status }) => status === 403);
    expect(refused.map(({ path }) => path)).toEqual([]);
  });

  it('leaves no secret in what the agents print', async () => {
    const issued = (await request<{ text: string }[]>(`${at.controlUrl}/control/secrets`)).body;
    const printed = logs()
      .map((file) => readFileSync(join(agents, file), 'utf8'))
      .join('\n');
    expect(issued.length).toBeGreaterThan(SCENARIOS.length);
    expect(issued.filter(({ text }) => printed.includes(text))).toEqual([]);
  });
});
