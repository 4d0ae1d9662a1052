import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportOutput } from '../../src/activities/contracts.ts';
import { logged } from './support/appLog.ts';
import { request, until } from './support/http.ts';
import { creations, dumpStorage, leftInCloud, outcomeOf, startRun, statusOf } from './support/run.ts';
import { ON_CORE_TOOLS, type Target, target } from './support/target.ts';

let at: Target;
let runId: string;
let outcome: ReportOutput;
const seen: string[] = [];

beforeAll(async () => {
  at = await target();
  runId = await startRun(at);
  const watching = until(
    async () => {
      const { customStatus, runtimeStatus } = await statusOf(at, runId);
      if (customStatus && seen.at(-1) !== customStatus.phase) seen.push(customStatus.phase);
      return runtimeStatus;
    },
    (status) => status === 'Completed' || status === 'Failed',
    180_000,
  );
  [outcome] = await Promise.all([outcomeOf(at, runId), watching]);
}, 240_000);
afterAll(() => at?.stop());

describe('a whole run, started on the durable webhook without a body', () => {
  it('ends clean, and the cloud agrees', async () => {
    expect(outcome).toMatchObject({ runId, cleanupStatus: 'verified', leftovers: 0, agents: { total: 5 } });
    expect(outcome.resourcesRemoved).toBe(outcome.resourcesCreated);
    expect(outcome.resourcesCreated).toBeGreaterThan(25);
    expect(await leftInCloud(at, runId)).toEqual([]);
  });

  it('shows a mix of ends, and calls the run what it was', () => {
    expect(outcome.status).toBe('completed_with_failures');
    expect(outcome.agents.completed).toBeGreaterThan(0);
    expect(outcome.agents.failed).toBeGreaterThan(0);
    expect(outcome.agents.completed + outcome.agents.failed).toBe(5);
  });

  it('went through its phases in order', () => {
    const order = ['validating', 'selecting', 'provisioning', 'monitoring', 'cleaning', 'reporting'];
    expect(order.filter((phase) => seen.includes(phase))).toEqual(seen);
    expect(seen).toEqual(expect.arrayContaining(['provisioning', 'monitoring', 'cleaning']));
  });

  it('made one application, one principal, one job and one execution an agent', async () => {
    const counts = Object.entries(await creations(at));
    expect(counts).toHaveLength(5 * 4);
    expect(counts.filter(([, count]) => count !== 1)).toEqual([]);
  });

  it('asked Azure once a tick for all agents', async () => {
    const { calls } = (
      await request<{ calls: { method: string; path: string }[] }>(`${at.controlUrl}/control/calls?detail=1`)
    ).body;
    const lists = calls.filter(
      ({ method, path }) => method === 'GET' && path.endsWith('/providers/Microsoft.App/jobs'),
    ).length;
    const looks = calls.filter(
      ({ method, path }) => method === 'GET' && /\/executions\/[^/]+$/.test(path),
    ).length;
    expect(lists).toBeGreaterThan(3);
    expect(looks).toBeLessThan(5 * lists);
  });

  it.runIf(!process.env.HAYMAKER_URL && !ON_CORE_TOOLS)('said what happened, one line an event', () => {
    const ofRun = { run_id: runId };
    // An activity may run twice, and then it says things twice.
    const agentsOf = (event: 'agent_started' | 'agent_failed' | 'agent_completed') =>
      new Set(logged(at, event).map(({ agent_id }) => agent_id)).size;
    expect(logged(at, 'run_started')[0]).toMatchObject({ ...ofRun, trigger: 'manual' });
    expect(logged(at, 'scenarios_selected')[0]?.scenarios).toHaveLength(5);
    expect(agentsOf('agent_started')).toBeGreaterThan(0);
    expect(agentsOf('agent_failed')).toBe(outcome.agents.failed);
    expect(agentsOf('agent_completed')).toBe(outcome.agents.completed);
    expect(logged(at, 'cleanup_round').at(-1)).toMatchObject({ ...ofRun, verdict: 'clean', found: 0 });
    const end = { ...ofRun, status: outcome.status, cleanup_status: 'verified', leftovers: 0 };
    expect(logged(at, 'run_ended').at(-1)).toMatchObject(end);
  });

  it('leaves no secret anywhere: task hub, tables, blobs, logs, answers, report', async () => {
    const issued = (await request<{ text: string; source: string }[]>(`${at.controlUrl}/control/secrets`))
      .body;
    // The header that speaks for the app's identity is what the stand-in tells the one who starts it, on its first line.
    const secrets = issued.filter(({ source }) => source !== 'identity-header').map(({ text }) => text);
    expect(secrets.length).toBeGreaterThanOrEqual(6);
    const answers = await Promise.all(
      [
        `${at.url}/runtime/webhooks/durabletask/instances/${runId}?showHistory=true&showHistoryOutput=true`,
        `${at.url}/runtime/webhooks/durabletask/instances?showInput=true&top=500`,
        `${at.url}/api/orchestrators/${runId}/status`,
        `${at.url}/api/v1/status`,
      ].map(async (url) => JSON.stringify((await request(url)).body)),
    );
    const haystack = {
      storage: await dumpStorage(at),
      // Core Tools keep it in storage, which is looked through above.
      taskHub: ON_CORE_TOOLS ? '' : readAll(at.stack?.state),
      logs: readAll(at.stack?.logs),
      answers: answers.join('\n'),
    };
    expect(haystack.storage).toContain(`${runId}/report.html`);
    if (!ON_CORE_TOOLS) expect(haystack.taskHub).toContain('create_service_principal_activity');
    for (const [where, text] of Object.entries(haystack)) {
      expect(
        secrets.filter((secret) => text.includes(secret)),
        `secrets found in ${where}`,
      ).toEqual([]);
    }
  });

  it('answers on api/v1/status that nothing is going on any more', async () => {
    const { status, body } = await request(`${at.url}/api/v1/status`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'idle', health: 'healthy', current_run_id: null, active_agents: 0 });
    expect(Date.parse(String(body.next_run))).toBeGreaterThan(Date.now());
  });
});

/** The text of every file in a folder. */
function readAll(folder: string | undefined): string {
  if (!folder) return '';
  return readdirSync(folder, { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter((file) => statSync(file).isFile())
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
}
