import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AgentsQuery, LogsQuery } from '../../src/api/schemas/agents.ts';
import { Id, InstantParameter } from '../../src/api/schemas/common.ts';
import { ExecuteBody } from '../../src/api/schemas/executions.ts';
import { MetricsQuery } from '../../src/api/schemas/metrics.ts';

describe('a limit', () => {
  const limit = (text: string) => AgentsQuery.safeParse({ limit: text });

  test('is a whole number from 1 to 500, 100 when it is not given', () => {
    expect(AgentsQuery.parse({}).limit).toBe(100);
    fc.assert(fc.property(fc.integer({ min: 1, max: 500 }), (n) => limit(String(n)).data?.limit === n));
  });

  test.each(['0', '501', '-1', '1.5', '1e2', '0x10', ' 5', '', 'NaN', '999999999999'])(
    'is not %j',
    (text) => {
      expect(limit(text).success).toBe(false);
    },
  );
});

describe('an instant', () => {
  test.each([
    ['2026-11-21T06:00:00Z', '2026-11-21T06:00:00.000Z'],
    ['2026-11-21T06:00:00+02:00', '2026-11-21T04:00:00.000Z'],
    ['2026-11-21T06:00:00.123456', '2026-11-21T06:00:00.123Z'],
    ['2026-11-21 06:00', '2026-11-21T06:00:00.000Z'],
    ['2026-11-21', '2026-11-21T00:00:00.000Z'],
  ])('%s is %s, UTC when it names no zone', (text, instant) => {
    expect(InstantParameter.parse(text)).toBe(instant);
  });

  test.each(['yesterday', '2026-13-01', '2026-11-21T25:00:00Z', '', '2026', '1e9'])('is not %j', (text) => {
    expect(InstantParameter.safeParse(text).success).toBe(false);
  });

  test('of any date comes back', () => {
    const dates = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) => InstantParameter.parse(date.toISOString()) === date.toISOString()),
    );
  });
});

describe('an id', () => {
  test.each(['run-20261121T0600Z', 'by-hand', 'hm-00c0ffee-compute-01', 'a.b~c:d@e'])('may be %s', (id) => {
    expect(Id.safeParse(id).success).toBe(true);
  });
  test.each(['', '..', '.', '@entity', 'a/b', 'a\\b', 'a b', 'ü', 'a\u0000', 'x'.repeat(101)])(
    'is not %j',
    (id) => {
      expect(Id.safeParse(id).success).toBe(false);
    },
  );
});

describe('a body of execute', () => {
  test('names at least one scenario, in either way', () => {
    expect(ExecuteBody.safeParse({ scenario_name: 'compute-01', parameters: {} }).success).toBe(true);
    expect(ExecuteBody.safeParse({ scenarios: ['compute-01'] }).success).toBe(true);
    expect(ExecuteBody.safeParse({}).success).toBe(false);
    expect(ExecuteBody.safeParse({ scenarios: [] }).success).toBe(false);
  });

  test.each([
    { seed: '\ud800' },
    { seed: 'a\u0000' },
    { tags: { 'a b': 'x' } },
    { tags: { a: 'x y' } },
    { duration_hours: 0 },
    { duration_hours: 25 },
  ])('with %j is refused', (change) => {
    expect(ExecuteBody.safeParse({ scenarios: ['compute-01'], ...change }).success).toBe(false);
  });
});

test.each(['7d', '30d', '90d', '366d'])('a period may be %s', (period) => {
  expect(MetricsQuery.parse({ period }).period).toBe(period);
});
test.each(['0d', '367d', '7', 'd', '7w', '-7d', '1e1d'])('a period is not %s', (period) => {
  expect(MetricsQuery.safeParse({ period }).success).toBe(false);
});

test('logs are followed only when that is said', () => {
  expect(LogsQuery.parse({}).follow).toBe('false');
  expect(LogsQuery.safeParse({ follow: '1' }).success).toBe(false);
});
