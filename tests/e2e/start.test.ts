import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request, until } from './support/http.ts';
import { leftInCloud, outcomeOf, startRun, statusOf } from './support/run.ts';
import { type Target, target } from './support/target.ts';

let at: Target;
beforeAll(async () => {
  at = await target();
});
afterAll(() => at?.stop());

describe('ways to start a run', () => {
  it('by webhook, with a body: scenarios, duration and tags are what was asked for; stop ends it early', async () => {
    const body = {
      scenarios: ['networking-01', 'compute-01'],
      duration: 'PT10M',
      seed: 'blue',
      tags: { team: 'blue' },
    };
    const id = await startRun(at, { id: 'by-hand', body });
    expect(id).toBe('by-hand');
    await until(
      () => statusOf(at, id),
      ({ customStatus }) => customStatus?.phase === 'monitoring',
      60_000,
    );

    const status = await request(`${at.url}/api/v1/status`);
    expect(status.body).toMatchObject({
      status: 'running',
      current_run_id: id,
      phase: 'monitoring',
      scenarios_count: 2,
    });

    const stop = await request(`${at.url}/runtime/webhooks/durabletask/instances/${id}/raiseEvent/stop`, {
      body: { reason: 'enough' },
    });
    expect(stop.status).toBe(202);
    const outcome = await outcomeOf(at, id);
    expect(outcome).toMatchObject({
      status: 'stopped',
      cleanupStatus: 'verified',
      agents: { total: 2 },
      leftovers: 0,
    });
    expect(await leftInCloud(at, id)).toEqual([]);
  });

  it('by the API: the same request again is the same execution', async () => {
    const body = { scenario_name: 'security-01', parameters: {} };
    const execute = () =>
      request<{ execution_id: string; created_at: string }>(`${at.url}/api/v1/execute`, { body });
    const [first, second] = [await execute(), await execute()];
    expect(first.status).toBe(202);
    expect(first.body).toMatchObject({
      status: 'queued',
      scenarios: ['security-01'],
      status_url: `/api/v1/executions/${first.body.execution_id}`,
    });
    expect(first.body.execution_id).toMatch(/^exec-\d{8}-[0-9a-f]{8}$/);
    expect(second.body.execution_id).toBe(first.body.execution_id);

    const outcome = await outcomeOf(at, first.body.execution_id);
    expect(outcome).toMatchObject({ cleanupStatus: 'verified', agents: { total: 1 }, leftovers: 0 });
    expect(await leftInCloud(at, first.body.execution_id)).toEqual([]);
  });

  it.each([
    ['no scenario', {}, 400, 'INVALID_REQUEST'],
    ['an unknown scenario', { scenarios: ['compute-99'] }, 404, 'SCENARIO_NOT_FOUND'],
    ['too many', { scenarios: Array(6).fill('compute-01') }, 400, 'INVALID_REQUEST'],
    ['a bad duration', { scenarios: ['compute-01'], duration_hours: 48 }, 400, 'INVALID_REQUEST'],
  ])('refuses %s with what is wrong', async (_what, body, status, code) => {
    const answer = await request<{ error: { code: string; trace_id: string } }>(`${at.url}/api/v1/execute`, {
      body,
    });
    expect([answer.status, answer.body.error.code]).toEqual([status, code]);
    expect(answer.headers.get('x-trace-id')).toBe(answer.body.error.trace_id);
  });
});

describe('a run that may not begin', () => {
  it('makes nothing when its request is wrong, and its report says what', async () => {
    const id = await startRun(at, { body: { scenarios: ['compute-01'], seed: 7, colour: 'blue' } });
    const outcome = await outcomeOf(at, id);
    expect(outcome).toMatchObject({
      status: 'failed',
      cleanupStatus: 'not_needed',
      resourcesCreated: 0,
      agents: { total: 0 },
    });
    expect(await leftInCloud(at, id)).toEqual([]);
  });

  it('makes nothing when a check fails', async () => {
    if (!at.controlUrl) return;
    const fault = {
      match: 'GET acrhaymaker.azurecr.io/v2/',
      kind: 'status',
      status: 404,
      code: 'MANIFEST_UNKNOWN',
    };
    const added = await request(`${at.controlUrl}/control/faults`, { body: fault });
    expect(added, JSON.stringify(added.body)).toMatchObject({ status: 201 });
    try {
      const before = (
        await request<{ byOperation: Record<string, number> }>(`${at.controlUrl}/control/calls`)
      ).body.byOperation;
      const id = await startRun(at);
      const outcome = await outcomeOf(at, id);
      expect(outcome).toMatchObject({
        status: 'failed',
        cleanupStatus: 'not_needed',
        resourcesCreated: 0,
        leftovers: 0,
      });
      const after = (await request<{ byOperation: Record<string, number> }>(`${at.controlUrl}/control/calls`))
        .body.byOperation;
      const groups = 'Microsoft.Resources/subscriptions/resourceGroups/write';
      expect(after[groups]).toBe(before[groups]);
      expect(await leftInCloud(at, id)).toEqual([]);
    } finally {
      await request(`${at.controlUrl}/control/faults`, { method: 'DELETE' });
    }
  });
});
