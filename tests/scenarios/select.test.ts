import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AREAS, type Scenario } from '../../src/domain/scenario.ts';
import { type SelectionInput, selectScenarios } from '../../src/scenarios/select.ts';

function scenario(id: string, area: Scenario['area'], requires: Scenario['requires'] = []): Scenario {
  return {
    id,
    area,
    requires,
    title: `The scenario ${id}`,
    services: ['Virtual Machines'],
    estimatedCostUsd: 1,
    estimatedCostBasis: 'made up',
    estimatedMinutes: 1,
    purge: [],
    references: ['https://learn.microsoft.com/azure/'],
    file: `${id}-x.md`,
    body: '',
  };
}

/** Ten areas with three scenarios each; the third of each needs rights. */
const CATALOGUE = AREAS.flatMap((area, index) => [
  scenario(`area${index}-01`, area),
  scenario(`area${index}-02`, area),
  scenario(`area${index}-03`, area, ['entra']),
]);

const ids = (scenarios: readonly { id: string }[]) => scenarios.map(({ id }) => id);
const select = (input: Partial<SelectionInput>) =>
  selectScenarios({ catalogue: CATALOGUE, size: 5, seed: 'demo', allowPrivileged: false, ...input });

describe('drawn by seed', () => {
  const seed = fc.string({ minLength: 1, maxLength: 64 });
  const size = fc.integer({ min: 1, max: 40 });
  const order = fc.shuffledSubarray(CATALOGUE, { minLength: CATALOGUE.length });

  test('the same seed gives the same result, whatever the order of the catalogue', () => {
    fc.assert(
      fc.property(seed, size, order, fc.boolean(), (seed, size, catalogue, allowPrivileged) => {
        const expected = select({ seed, size, allowPrivileged });
        expect(select({ seed, size, allowPrivileged, catalogue })).toEqual(expected);
      }),
    );
  });

  test('nothing comes twice, the size is kept, and areas are spread', () => {
    fc.assert(
      fc.property(seed, size, fc.boolean(), (seed, size, allowPrivileged) => {
        const { selected } = select({ seed, size, allowPrivileged });
        const possible = allowPrivileged ? 30 : 20;
        expect(new Set(ids(selected)).size).toBe(Math.min(size, possible));
        expect(new Set(selected.map(({ area }) => area)).size).toBeGreaterThanOrEqual(Math.min(size, 10));
      }),
    );
  });

  test('a known seed gives a known selection on every machine and Node version', () => {
    expect(ids(select({ seed: 'demo' }).selected)).toMatchInlineSnapshot(`
      [
        "area8-01",
        "area4-02",
        "area6-02",
        "area3-02",
        "area5-01",
      ]
    `);
    expect(ids(select({ seed: 'other' }).selected)).not.toEqual(ids(select({ seed: 'demo' }).selected));
  });

  test('every scenario is drawn sooner or later', () => {
    const drawn = new Set<string>();
    for (let n = 0; n < 400; n += 1) {
      for (const { id } of select({ seed: `seed-${n}`, allowPrivileged: true }).selected) drawn.add(id);
    }
    expect(drawn.size).toBe(CATALOGUE.length);
  });

  test('more than there are: all of them, with a note', () => {
    const { selected, notes, problems } = select({ size: 30 });
    expect(selected).toHaveLength(20);
    expect(notes).toEqual(['30 scenarios were asked for and 20 can run: all of them were selected']);
    expect(problems).toEqual([]);
  });
});

describe('an explicit list', () => {
  test('keeps its order, is not cut to the size, and runs each once', () => {
    const requested = ['area3-02', 'area1-01', 'area3-02', 'area0-01'];
    const { selected, problems } = select({ size: 1, requested });
    expect(ids(selected)).toEqual(['area3-02', 'area1-01', 'area0-01']);
    expect(problems).toEqual([]);
  });

  test('an unknown id is a problem that names the nearest', () => {
    const { selected, problems } = select({ requested: ['area1-01', 'aera7-01'] });
    expect(ids(selected)).toEqual(['area1-01']);
    expect(problems).toEqual([
      expect.stringMatching(/^there is no scenario "aera7-01": did you mean area7-01 or /),
    ]);
  });
});

describe('rights', () => {
  test('scenarios that need them are skipped with the reason', () => {
    const { selected, skipped } = select({ size: 30 });
    expect(selected.every(({ requires }) => requires.length === 0)).toBe(true);
    expect(skipped).toHaveLength(10);
    expect(skipped[0]).toEqual({
      scenarioId: 'area0-03',
      reason: expect.stringContaining('ALLOW_PRIVILEGED_SCENARIOS'),
    });
  });

  test('only those that were asked for are named when there is a list', () => {
    const { selected, skipped, problems } = select({ requested: ['area2-03'] });
    expect(ids(selected)).toEqual([]);
    expect(skipped.map(({ scenarioId }) => scenarioId)).toEqual(['area2-03']);
    expect(problems).toEqual([expect.stringContaining('rights that are not allowed')]);
  });

  test('with the setting they run like the others', () => {
    const { selected, skipped } = select({ requested: ['area2-03'], allowPrivileged: true });
    expect(ids(selected)).toEqual(['area2-03']);
    expect(skipped).toEqual([]);
  });
});

test('an empty catalogue is a problem, not an empty run', () => {
  expect(select({ catalogue: [] }).problems).toEqual([expect.stringContaining('no valid scenario')]);
});
