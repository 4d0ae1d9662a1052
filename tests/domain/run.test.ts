import { describe, expect, it } from 'vitest';
import { RunRequest } from '../../src/domain/run.ts';

describe('a request for a run', () => {
  it('may be empty: everything has a default', () => {
    expect(RunRequest.parse({})).toEqual({ trigger: 'manual' });
  });

  it.each([
    ['an unknown field', { colour: 'blue' }],
    ['a seed that is no text', { seed: 7 }],
    ['a duration in words', { duration: '8 hours' }],
    ['a scenario that is no id', { scenarios: ['../etc/passwd'] }],
    ['an empty list of scenarios', { scenarios: [] }],
    ['a tag value with white space, which a shell would split', { tags: { team: 'blue --no-wait' } }],
    ['a tag name with a quote', { tags: { "a'b": 'c' } }],
    ['too many tags', { tags: Object.fromEntries(Array.from({ length: 21 }, (_, n) => [`t${n}`, ''])) }],
  ])('is refused with %s', (_what, request) => {
    expect(RunRequest.safeParse(request).success).toBe(false);
  });
});
