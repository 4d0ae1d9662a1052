import { join } from 'node:path';
import { expect, it } from 'vitest';
import { apiVersionOf } from '../../../local/az/cloud.ts';
import { shimCoverage } from '../../../local/az/coverage.ts';
import { KNOWN_GROUPS, kindOf } from '../../../local/az/resourceTypes.ts';

const SCENARIOS = join(import.meta.dirname, '../../../scenarios');

/** Users, groups and policies of a directory that the stand-in does not play. */
const NOT_PLAYED = /^(?:ad (?:user|group)|policy) /;

it('serves the commands of the scenarios, but for what the stand-in does not play', async () => {
  const { commands, served, unknown } = await shimCoverage(SCENARIOS);
  expect(unknown.filter((command) => !NOT_PLAYED.test(command))).toEqual([]);
  expect(served / commands).toBeGreaterThan(0.95);
});

it('knows an API version of the stand-in for every kind of resource', () => {
  const types = KNOWN_GROUPS.flatMap((group) => kindOf(group)?.type ?? []);
  expect(types.filter((type) => apiVersionOf(type) === undefined)).toEqual([]);
});
