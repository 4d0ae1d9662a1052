import { describe, expect, it } from 'vitest';
import { callKinds, kindOf, type SeenCall } from '../../local/torture/callKinds.ts';
import { globPattern } from '../../local/torture/faultNames.ts';
import { parseTortureFlags } from '../../local/torture/flags.ts';
import { caseOf, planCases } from '../../local/torture/plan.ts';

const ID = '2b9e64d7-0c35-4f18-a6d2-91c7e3f8b540';
const call = (method: string, host: string, path: string, rest: Partial<SeenCall> = {}): SeenCall => ({
  at: 0,
  service: 'arm',
  method,
  host,
  path,
  operation: '',
  principal: 'app',
  ...rest,
});
const RESOURCE_GROUP = call('PUT', 'arm', `/subscriptions/${ID}/resourcegroups/hm-0a1b2c3d-compute-01`);

describe('kinds of calls', () => {
  it.each([
    [RESOURCE_GROUP, 'PUT arm/subscriptions/*/resourcegroups/hm-????????-*'],
    [
      call('GET', 'arm', `/subscriptions/${ID}/providers/Microsoft.App`),
      'GET arm/subscriptions/*/providers/*',
    ],
    [call('PATCH', 'tables', "/Runs(PartitionKey='run',RowKey='r1')"), 'PATCH tables/Runs(*)'],
    [
      call('PUT', 'blobs', '/runs/r1/cleanup/20261121T024614Z/round-0003.json'),
      'PUT blobs/runs/*/cleanup/*/round-*.json',
    ],
    [
      call('message', 'bus', '/agent-logs', { service: 'service-bus', operation: 'x/messages/send/message' }),
      'SEND bus/agent-logs',
    ],
  ])('%o', (one, kind) => {
    expect(kindOf(one, 'r1')).toBe(kind);
    const verb = one.service === 'service-bus' ? 'SEND' : one.method;
    expect(`${verb} ${one.host}${one.path}`).toMatch(new RegExp(globPattern(kind)));
  });

  it('leaves the calls of agents out and knows in which phases a kind was called', () => {
    const calls = [
      RESOURCE_GROUP,
      { ...RESOURCE_GROUP, at: 9 },
      call('GET', 'arm', '/x', { principal: 'agent' }),
    ];
    const kinds = callKinds(calls, {
      runId: 'r1',
      isAgent: (principal) => principal === 'agent',
      momentAt: (at) => (at < 5 ? 'provisioning' : 'cleaning'),
    });
    expect(kinds).toEqual([{ call: kindOf(RESOURCE_GROUP, 'r1'), moments: ['provisioning', 'cleaning'] }]);
  });
});

describe('the plan', () => {
  it('starts the host anew only for what a host that has performed runs does not do any more', () => {
    const kinds = [
      { call: 'GET idp/token', moments: ['start'] as const },
      { call: 'PUT arm/x', moments: ['start'] as const, warmUntil: 'cleaning' as const },
      { call: 'GET arm/x', moments: ['cleaning'] as const, warmUntil: 'provisioning' as const },
    ];
    const cases = planCases(kinds, { seed: 's', quick: false, only: 'fault' });
    const cold = (call: string) => [
      ...new Set(cases.flatMap((one) => (one.group === 'fault' && one.call === call ? [one.cold] : []))),
    ];
    expect(kinds.map(({ call }) => cold(call))).toEqual([[true], [false], [true]]);
  });

  const KINDS = [
    { call: 'PUT arm/x', moments: ['provisioning', 'cleaning'] as const },
    { call: 'GET arm/x', moments: ['start'] as const },
  ];
  const plan = (options = {}) => planCases(KINDS, { seed: 's', quick: false, ...options });

  it('has each kind with each fault, once and lasting; a read has no answer to lose after an effect', () => {
    const faults = plan({ only: 'fault' });
    expect(faults).toHaveLength(9 * 2 + 8 * 2);
    expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length);
    expect(plan({ only: 'kill' })).toHaveLength(100);
  });

  it('is the same for the same seed, and its cases can be repeated by their ids', () => {
    expect(plan()).toEqual(plan());
    expect(plan({ seed: 't' })).not.toEqual(plan());
    expect(plan().map(({ id }) => caseOf(id))).toEqual(plan());
    expect(caseOf('kill nobody')).toBeUndefined();
  });

  it('is short when it is quick, but has all liars', () => {
    const quick = plan({ quick: true });
    expect(quick.filter(({ group }) => group === 'kill')).toHaveLength(8);
    expect(quick.filter(({ group }) => group === 'liars')).toEqual(
      expect.arrayContaining(plan({ only: 'liars' })),
    );
  });

  it('falls into parts that together are the whole', () => {
    const parts = [1, 2, 3].map((number) => plan({ shard: { number, of: 3 } }));
    expect(Math.min(...parts.map((part) => part.length))).toBeGreaterThan(0);
    expect(new Set(parts.flat().map(({ id }) => id))).toEqual(new Set(plan().map(({ id }) => id)));
    expect(parts.flat()).toHaveLength(plan().length);
  });
});

describe('the flags', () => {
  it.each([
    [['--only', 'everything'], /--only: expected one of fault, kill, terminate, liars/],
    [['--case', 'kill everybody'], /there is no case "kill everybody"/],
    [['--shard', '5/4'], /--shard: expected a part such as 1\/4, got "5\/4"/],
    [['--parallel', '0'], /--parallel: expected a whole number above 0, got "0"/],
  ])('%j is refused with what it takes', (args, message) => {
    expect(() => parseTortureFlags(args)).toThrow(message);
  });

  it('names one case', () => {
    expect(parseTortureFlags(['--case', 'terminate cleaning', '--seed', 'x'])).toMatchObject({
      seed: 'x',
      single: { group: 'terminate', phase: 'cleaning' },
    });
  });
});
