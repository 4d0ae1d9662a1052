import { OrchestrationRuntimeStatus as Status } from 'durable-functions';
import { describe, expect, test } from 'vitest';
import { cleanupAnswer, current, describe as describeRun } from '../../src/api/cleanupView.ts';
import type { CleanupTarget } from '../../src/records/cleanups.ts';

const target = (how: CleanupTarget['how'] = 'close'): CleanupTarget => ({
  runId: 'r',
  startedAt: '2026-11-21T06:00:00Z',
  how,
  instanceId: 'i',
  found: 5,
});
const instance = (runtimeStatus: Status, rest: { output?: unknown; customStatus?: unknown } = {}) => ({
  name: 'close_run',
  instanceId: 'i',
  createdTime: new Date(),
  lastUpdatedTime: new Date(),
  input: {},
  output: null,
  customStatus: null,
  ...rest,
  runtimeStatus,
});
const result = { status: 'verified', removed: 5, remaining: 0, blindSources: [], quarantined: [] };

describe('the clean-up of one run', () => {
  test('is queued until the engine knows it', () => {
    expect(describeRun(target(), undefined, undefined)).toMatchObject({
      status: 'queued',
      found: 5,
      deleted: 0,
    });
  });

  test('shows how far it is while it is at work', () => {
    const inner = instance(Status.Running, {
      customStatus: { cleanup: { remaining: 2, verdict: 'leftovers' } },
    });
    expect(describeRun(target(), instance(Status.Running), inner)).toMatchObject({
      status: 'running',
      verdict: 'leftovers',
      deleted: 3,
    });
  });

  test('is that of this request, not one that had ended before; the engine says whole seconds', () => {
    const asked = '2026-11-21T06:00:00.532Z';
    const at = (time: string) => ({ ...instance(Status.Completed), lastUpdatedTime: new Date(time) });
    expect(current(at('2026-11-21T05:59:59Z'), asked)).toBeUndefined();
    expect(current(at('2026-11-21T06:00:00Z'), asked)).toBeDefined();
  });

  test('is completed only when it was verified', () => {
    const done = instance(Status.Completed, { output: result });
    expect(describeRun(target(), done, done)).toMatchObject({
      status: 'completed',
      found: 5,
      deleted: 5,
      errors: [],
    });
    const unknown = instance(Status.Completed, {
      output: { ...result, status: 'unknown', blindSources: ['key-vault'] },
    });
    expect(describeRun(target(), unknown, unknown)).toMatchObject({
      status: 'failed',
      errors: ['r: key-vault did not answer, so nobody knows whether all is gone.'],
    });
  });

  test('lists what is held, and why', () => {
    const held = { kind: 'resource', id: '/x', reason: 'held by lock L on X' };
    const output = { ...result, status: 'leftovers', removed: 4, remaining: 1, quarantined: [held] };
    const ended = instance(Status.Completed, { output });
    expect(describeRun(target(), ended, ended)).toMatchObject({
      status: 'failed',
      deleted: 4,
      errors: ['r: resource /x: held by lock L on X'],
      resources: [{ execution_id: 'r', id: '/x', reason: 'held by lock L on X' }],
    });
  });

  test('lists what a dry run would delete, and deletes nothing', () => {
    const output = {
      ...result,
      status: 'leftovers',
      removed: 0,
      remaining: 1,
      planned: [{ kind: 'job', id: '/j' }],
    };
    const ended = instance(Status.Completed, { output });
    expect(describeRun(target('dry-run'), ended, ended)).toMatchObject({
      status: 'completed',
      found: 1,
      deleted: 0,
      resources: [{ kind: 'job', id: '/j' }],
    });
  });

  test('that broke off has failed', () => {
    const broken = instance(Status.Failed, { output: 'Error: no' });
    expect(describeRun(target(), broken, broken)).toMatchObject({
      status: 'failed',
      errors: [expect.stringContaining('broke off')],
    });
  });
});

describe('a clean-up of several runs', () => {
  const record = { cleanupId: 'c', createdAt: '2026-11-21T06:00:00.000Z', dryRun: false, runs: [] };
  const answerOf = (...states: ('queued' | 'running' | 'completed' | 'failed')[]) =>
    cleanupAnswer(
      record,
      states.map((status) => ({
        runId: 'r',
        status,
        verdict: null,
        found: 1,
        deleted: 1,
        errors: [],
        resources: [],
      })),
    );
  test.each([
    [[], 'completed'],
    [['queued', 'queued'], 'queued'],
    [['queued', 'completed'], 'running'],
    [['running', 'failed'], 'running'],
    [['completed', 'failed'], 'failed'],
    [['completed', 'completed'], 'completed'],
  ] as const)('of %j is %s', (states, status) => {
    expect(answerOf(...states)).toMatchObject({ status, resources_found: states.length });
  });
});
