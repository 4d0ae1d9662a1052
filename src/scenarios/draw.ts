import type { Scenario } from '../domain/scenario.ts';
import type { SelectionPolicy } from '../domain/selection.ts';
import { shuffleByWeight } from './random.ts';

interface DrawInput {
  readonly allowed: readonly Scenario[];
  readonly size: number;
  readonly seed: string;
  readonly policy: SelectionPolicy;
  readonly lastRun?: readonly string[];
}

const CENTS = 100;
const inCents = (usd: number) => Math.round(usd * CENTS);

/**
 * Draws up to `size` of the scenarios that are allowed, in an order that depends on the seed and the areas' weights. The
 * ones of the last run come after all others. A scenario is passed over when it would take the place of an area that
 * is still missing from the minimum, or when its costs would break the ceiling. `notes` says what could not be had.
 */
export function draw({ allowed, size, seed, policy, lastRun = [] }: DrawInput): {
  selected: Scenario[];
  notes: string[];
} {
  const weightOf = (scenario: Scenario) => policy.weights[scenario.area] ?? 1;
  const possible = allowed.filter((scenario) => weightOf(scenario) > 0);
  const order = shuffleByWeight(possible, seed, weightOf);
  const isNew = (scenario: Scenario) => !lastRun.includes(scenario.id);
  const candidates = [...order.filter(isNew), ...order.filter((scenario) => !isNew(scenario))];

  const ceiling =
    policy.costCeilingUsd === undefined ? Number.POSITIVE_INFINITY : inCents(policy.costCeilingUsd);
  const cheapest = cheapestOfAreas(possible);
  const wantedAreas = Math.min(policy.minAreas, size, affordable(cheapest, ceiling));
  const selected: Scenario[] = [];
  const drawn = new Set<string>();
  let cents = 0;
  // Twice: what was passed over to keep a place for an area may be had when that area cannot be.
  for (const isStrict of [true, false]) {
    for (const scenario of candidates) {
      if (selected.length === size) break;
      if (selected.includes(scenario)) continue;
      const missing = wantedAreas - drawn.size;
      const isNewArea = !drawn.has(scenario.area);
      if (isStrict && !isNewArea && size - selected.length <= missing) continue;
      const reserve = isStrict ? reserved(cheapest, drawn, scenario.area, missing - (isNewArea ? 1 : 0)) : 0;
      if (cents + inCents(scenario.estimatedCostUsd) + reserve > ceiling) continue;
      selected.push(scenario);
      drawn.add(scenario.area);
      cents += inCents(scenario.estimatedCostUsd);
    }
  }
  return { selected, notes: notesOn(selected, drawn.size, { possible, size, policy }) };
}

/** The costs in cents of the cheapest scenario of every area. */
function cheapestOfAreas(possible: readonly Scenario[]): ReadonlyMap<string, number> {
  const cheapest = new Map<string, number>();
  for (const { area, estimatedCostUsd } of possible) {
    cheapest.set(area, Math.min(cheapest.get(area) ?? Number.POSITIVE_INFINITY, inCents(estimatedCostUsd)));
  }
  return cheapest;
}

/** How many areas can be had at once under the ceiling. */
function affordable(cheapest: ReadonlyMap<string, number>, ceiling: number): number {
  let rest = ceiling;
  return [...cheapest.values()]
    .sort((a, b) => a - b)
    .filter((cents) => {
      rest -= cents;
      return rest >= 0;
    }).length;
}

/** What has to be kept of the ceiling for `count` more areas. */
function reserved(
  cheapest: ReadonlyMap<string, number>,
  drawn: ReadonlySet<string>,
  area: string,
  count: number,
): number {
  const costs = [...cheapest].filter(([name]) => name !== area && !drawn.has(name)).map(([, cents]) => cents);
  return costs
    .sort((a, b) => a - b)
    .slice(0, Math.max(0, count))
    .reduce((sum, cents) => sum + cents, 0);
}

function notesOn(
  selected: readonly Scenario[],
  areas: number,
  { possible, size, policy }: { possible: readonly Scenario[]; size: number; policy: SelectionPolicy },
): string[] {
  const notes: string[] = [];
  if (selected.length > 0 && selected.length < size) {
    notes.push(
      selected.length === possible.length
        ? `${size} scenarios were asked for and ${selected.length} can run: all of them were selected`
        : `${size} scenarios were asked for and ${selected.length} fit under RUN_COST_CEILING_USD=${policy.costCeilingUsd}`,
    );
  }
  const wanted = Math.min(policy.minAreas, size, new Set(possible.map(({ area }) => area)).size);
  if (selected.length > 0 && areas < wanted)
    notes.push(`${areas} of ${wanted} areas could be had under the cost ceiling`);
  return notes;
}
