import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GROUPS } from '../../local/torture/cases.ts';
import type { Observation } from '../../local/torture/judge.ts';
import { renderFailures, summarize } from '../../local/torture/output.ts';
import { torture } from '../../local/torture/torture.ts';

const SEED = 'bounded';
const CASES_OF_EACH_GROUP = 4;

/** `npm run torture` is the whole of it. */
describe.runIf(!process.env.HAYMAKER_URL)('a bounded torture', () => {
  const stop = new AbortController();
  let seen: Observation[] = [];
  beforeAll(async () => {
    seen = await torture({
      seed: SEED,
      quick: true,
      limit: CASES_OF_EACH_GROUP,
      parallel: 6,
      signal: stop.signal,
      say: () => {},
      onResult: () => {},
    });
  }, 600_000);
  afterAll(() => stop.abort());

  it('leaves nothing behind, never says "verified" when something is left, makes nothing twice, ends', () => {
    expect(renderFailures(seen, SEED).join('\n')).toBe('');
    expect(summarize(seen, SEED)).toMatchObject({ leaks: 0, falseCleans: 0, doubles: 0, stuck: 0 });
  });

  it.each(GROUPS)('performs cases of the group %s', (group) => {
    expect(seen.filter((one) => one.case.group === group).length).toBe(CASES_OF_EACH_GROUP);
  });

  it('meets most of the faults that it arms', () => {
    const faults = seen.filter((one) => one.hits !== undefined);
    expect(faults.filter(({ hits }) => hits === 0).length).toBeLessThan(faults.length / 2);
  });
});
