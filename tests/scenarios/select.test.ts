import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AREAS, type Scenario } from '../../src/domain/scenario.ts';
import type { SelectionPolicy } from '../../src/domain/selection.ts';
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
  scenario(`area${index}-03`, area, ['role-assignment']),
]);

const ids = (scenarios: readonly { id: string }[]) => scenarios.map(({ id }) => id);
const policy: SelectionPolicy = { weights: {}, excluded: [], minAreas: 10, avoidRepeats: false };
const select = (input: Partial<SelectionInput>) =>
  selectScenarios({ catalogue: CATALOGUE, size: 5, seed: 'demo', allowPrivileged: false, policy, ...input });

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
        "area4-01",
        "area1-01",
        "area7-02",
        "area0-02",
        "area6-02",
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
    expect(problems).toEqual([expect.stringContaining('rights that it does not get')]);
  });

  test('with the setting they run like the others', () => {
    const { selected, skipped } = select({ requested: ['area2-03'], allowPrivileged: true });
    expect(ids(selected)).toEqual(['area2-03']);
    expect(skipped).toEqual([]);
  });

  test('in Entra ID are given by no setting', () => {
    const catalogue = [...CATALOGUE, scenario('directory-01', 'Identity', ['entra', 'role-assignment'])];
    for (const allowPrivileged of [false, true]) {
      const { selected, skipped } = select({ catalogue, requested: ['directory-01'], allowPrivileged });
      expect(selected).toEqual([]);
      expect(skipped[0]?.reason).toMatch(/^needs rights in Entra ID, which no agent is given/);
    }
  });
});

test('an empty catalogue is a problem, not an empty run', () => {
  expect(select({ catalogue: [] }).problems).toEqual([expect.stringContaining('no valid scenario')]);
});

describe('steered', () => {
  const areasOf = (scenarios: readonly Scenario[]) => new Set(scenarios.map(({ area }) => area));
  const cost = (scenarios: readonly Scenario[]) =>
    scenarios.reduce((sum, { estimatedCostUsd }) => sum + estimatedCostUsd, 0);
  const seeds = Array.from({ length: 200 }, (_, n) => `seed-${n}`);
  const steered = (change: Partial<SelectionPolicy>, input: Partial<SelectionInput> = {}) =>
    seeds.map((seed) => select({ seed, policy: { ...policy, ...change }, ...input }));

  test('an area of weight 0 never comes', () => {
    for (const { selected } of steered({ weights: { Networking: 0 } }, { size: 30 })) {
      expect(selected).toHaveLength(18);
      expect(areasOf(selected)).not.toContain('Networking');
    }
  });

  test('a heavy area comes more often than a light one', () => {
    const drawn = steered({ weights: { Networking: 5 }, minAreas: 1 }).flatMap(({ selected }) => selected);
    const count = (area: string) => drawn.filter((one) => one.area === area).length;
    expect(count('Networking')).toBeGreaterThan(2 * count('Compute'));
    expect(count('Compute')).toBeGreaterThan(0);
  });

  test('a run has at least as many areas as asked for', () => {
    for (const { selected } of steered({ weights: { Networking: 100 }, minAreas: 4 })) {
      expect(selected).toHaveLength(5);
      expect(areasOf(selected).size).toBeGreaterThanOrEqual(4);
    }
  });

  test('the estimates stay below the ceiling, and areas are not given up for dear scenarios', () => {
    const catalogue = CATALOGUE.map((one, n) => ({ ...one, estimatedCostUsd: n % 3 === 0 ? 4 : 0.1 }));
    const all = steered({ costCeilingUsd: 4.6, minAreas: 5 }, { catalogue });
    for (const { selected, notes } of all) {
      expect(selected).toHaveLength(5);
      expect(cost(selected)).toBeLessThanOrEqual(4.6);
      expect(areasOf(selected).size).toBe(5);
      expect(notes).toEqual([]);
    }
    expect(all.some(({ selected }) => cost(selected) > 4)).toBe(true);
  });

  test('what does not fit under the ceiling is noted', () => {
    const { selected, notes } = select({ policy: { ...policy, costCeilingUsd: 3 } });
    expect(selected).toHaveLength(3);
    expect(notes).toEqual([
      '5 scenarios were asked for and 3 fit under RUN_COST_CEILING_USD=3',
      '3 of 5 areas could be had under the cost ceiling',
    ]);
    const { problems } = select({ policy: { ...policy, costCeilingUsd: 0.5 } });
    expect(problems).toEqual([expect.stringContaining('RUN_COST_CEILING_USD')]);
  });

  test('a list that is too dear is a problem', () => {
    const requested = ['area1-01', 'area2-01'];
    const { problems } = select({ requested, policy: { ...policy, costCeilingUsd: 1.5 } });
    expect(problems).toEqual([expect.stringMatching(/estimated 2 USD, and RUN_COST_CEILING_USD is 1.5/)]);
  });

  test('excluded scenarios are skipped, in a list, too; an unknown one is noted', () => {
    const excluded = ['area1-01', 'area1-02', 'compuet-01'];
    for (const { selected, notes } of steered({ excluded }, { size: 30 })) {
      expect(ids(selected)).not.toContain('area1-01');
      expect(notes[0]).toContain('compuet-01');
    }
    const listed = select({ requested: ['area1-01'], policy: { ...policy, excluded } });
    expect(listed.skipped).toEqual([{ scenarioId: 'area1-01', reason: 'excluded by EXCLUDED_SCENARIOS' }]);
  });

  test('what the last run had comes only when there is nothing else', () => {
    for (const { selected } of steered({ avoidRepeats: true })) {
      const lastRun = ids(selected);
      const next = select({ seed: 'again', policy: { ...policy, avoidRepeats: true }, lastRun });
      expect(ids(next.selected).filter((id) => lastRun.includes(id))).toEqual([]);
    }
    const everything = CATALOGUE.map(({ id }) => id);
    expect(select({ policy, lastRun: everything }).selected).toHaveLength(5);
  });

  test('whatever is set, the same input gives the same choice and nothing comes twice', () => {
    const areas = fc.dictionary(fc.constantFrom(...AREAS), fc.integer({ min: 0, max: 9 }));
    const settings = fc.record({
      weights: areas,
      costCeilingUsd: fc.double({ min: 0.5, max: 40, noNaN: true }),
      excluded: fc.subarray(CATALOGUE.map(({ id }) => id)),
      minAreas: fc.integer({ min: 1, max: 10 }),
      avoidRepeats: fc.constant(true),
    });
    const last = fc.subarray(CATALOGUE.map(({ id }) => id));
    const order = fc.shuffledSubarray(CATALOGUE, { minLength: CATALOGUE.length });
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), settings, last, order, (seed, policy, lastRun, catalogue) => {
        const input = { seed, policy, lastRun, size: 15 };
        const { selected } = select(input);
        expect(select({ ...input, catalogue })).toEqual(select(input));
        expect(new Set(ids(selected)).size).toBe(selected.length);
        expect(cost(selected)).toBeLessThanOrEqual(policy.costCeilingUsd + 0.005);
        expect(ids(selected).some((id) => policy.excluded.includes(id))).toBe(false);
      }),
    );
  });
});
