import { join } from 'node:path';
import { expect, it } from 'vitest';
import { apiVersionOf } from '../../../local/az/cloud.ts';
import { shimCoverage } from '../../../local/az/coverage.ts';
import { KNOWN_GROUPS, kindOf } from '../../../local/az/resourceTypes.ts';

const SCENARIOS = join(import.meta.dirname, '../../../scenarios');

it('serves every command of the scenarios that agents perform', async () => {
  const { scenarios, unknown } = await shimCoverage(SCENARIOS);
  expect(scenarios).toBeGreaterThanOrEqual(45);
  expect(unknown).toEqual([]);
});

it('knows an API version of the stand-in for every kind of resource', () => {
  const types = KNOWN_GROUPS.flatMap((group) => kindOf(group)?.type ?? []);
  expect(types.filter((type) => apiVersionOf(type) === undefined)).toEqual([]);
});
