import { expect, test } from 'vitest';
import { meets } from '../../bench/bench.ts';
import { BENCHES } from '../../bench/roster.ts';
import { summarize } from '../../bench/summary.ts';
import { table } from '../../bench/table.ts';

test('a goal is met at its very value, from either side', () => {
  expect(meets({ what: 'p99', value: 5, unit: 's', goal: { atMost: 5 } })).toBe(true);
  expect(meets({ what: 'p99', value: 5.01, unit: 's', goal: { atMost: 5 } })).toBe(false);
  expect(meets({ what: 'rate', value: 2_000, unit: '', goal: { atLeast: 2_000 } })).toBe(true);
  expect(meets({ what: 'rate', value: 1_999, unit: '', goal: { atLeast: 2_000 } })).toBe(false);
  expect(meets({ what: 'anything', value: 1, unit: '' })).toBeUndefined();
});

test('the table names a bench once and says which goals were missed', () => {
  const lines = table([
    {
      name: 'ingest',
      rows: [
        { what: 'rate', value: 12_345.6, unit: 'events/s', goal: { atLeast: 2_000 } },
        { what: 'delay', value: 7.123, unit: 's', goal: { atMost: 5 } },
      ],
    },
  ]);
  expect(lines).toEqual([
    'bench   what          measured  goal',
    '------  -----  ---------------  ----------------------',
    'ingest  rate   12,346 events/s  >= 2,000 events/s  met',
    '        delay           7.12 s  <= 5 s  MISSED',
  ]);
});

test('the summary has every key, in one order, whatever was measured', () => {
  const summary = summarize([{ rows: [], summary: { ingestPerSecond: 2_500, apiP99Growth: 1.1 } }]);
  expect(Object.entries(summary)).toEqual([
    ['provision500Ratio', null],
    ['remove1000Ratio', null],
    ['tickCalls', null],
    ['historyLargestBytes500', null],
    ['coldVsUnbundled', null],
    ['coldVsEmpty', null],
    ['apiP99Growth', 1.1],
    ['ingestPerSecond', 2_500],
    ['ingestP99Seconds', null],
    ['costSmallRunUsd', null],
  ]);
});

test('benches have names of their own', () => {
  const names = BENCHES.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
