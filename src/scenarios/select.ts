import type { Scenario, SkippedScenario } from '../domain/scenario.ts';
import type { SelectionPolicy } from '../domain/selection.ts';
import { draw } from './draw.ts';
import { nearest } from './nearest.ts';

const SUGGESTIONS = 3;

/** Why no setting allows these: the reasons are in scenarios/README.md, "What needs rights in Entra ID". */
const NO_RIGHTS_IN_ENTRA =
  'needs rights in Entra ID, which no agent is given: they would hold for the whole tenant, and to grant them the app would have to be able to grant itself anything';

export interface SelectionInput {
  readonly catalogue: readonly Scenario[];
  /** How many to draw; an explicit list is taken whole, whatever the size. */
  readonly size: number;
  readonly requested?: readonly string[];
  readonly seed: string;
  readonly allowPrivileged: boolean;
  readonly policy: SelectionPolicy;
  /** The scenarios of the run before, when the policy avoids repeats. */
  readonly lastRun?: readonly string[];
}

export interface Selection {
  readonly selected: Scenario[];
  readonly skipped: SkippedScenario[];
  /** Why the request cannot be served as asked: an unknown id, nothing left to run. The run should not start. */
  readonly problems: string[];
  /** What a reader of the report should know although the run goes on: fewer scenarios than asked for. */
  readonly notes: string[];
}

/**
 * Decides what a run plays. Without `requested`: `size` scenarios drawn by the seed and the policy, whatever order the
 * catalogue is in; when there are fewer, all of them and a note. With `requested`: exactly those, in that order, each
 * once. Scenarios that are excluded, need rights the operator has not allowed, or rights that no agent gets, are skipped with the reason; the cost
 * ceiling holds for a list, too. The same input gives the same selection.
 */
export function selectScenarios(input: SelectionInput): Selection {
  const catalogue = [...input.catalogue].sort((a, b) => (a.id < b.id ? -1 : 1));
  const { wanted, problems } = input.requested
    ? lookUp(input.requested, catalogue)
    : { wanted: catalogue, problems: [] };

  const skipped = wanted.flatMap((scenario) => {
    const reason = whyNot(scenario, input);
    return reason ? [{ scenarioId: scenario.id, reason }] : [];
  });
  skipped.sort((a, b) => (a.scenarioId < b.scenarioId ? -1 : 1));
  const allowed = wanted.filter((scenario) => !whyNot(scenario, input));
  const drawn = input.requested ? { selected: allowed, notes: [] } : draw({ ...input, allowed });
  const { selected, notes } = drawn;

  if (selected.length === 0 && problems.length === 0)
    problems.push(nothingToRun(catalogue.length, allowed.length));
  if (input.requested) problems.push(...tooDear(selected, input.policy));
  return { selected, skipped, problems, notes: [...unknownExclusions(catalogue, input.policy), ...notes] };
}

function whyNot({ id, requires }: Scenario, { allowPrivileged, policy }: SelectionInput): string | undefined {
  if (policy.excluded.includes(id)) return 'excluded by EXCLUDED_SCENARIOS';
  if (requires.includes('entra')) return NO_RIGHTS_IN_ENTRA;
  if (allowPrivileged || requires.length === 0) return undefined;
  return `needs more than Contributor on its own group (${requires.join(', ')}); set ALLOW_PRIVILEGED_SCENARIOS=true to allow it`;
}

function lookUp(requested: readonly string[], catalogue: readonly Scenario[]) {
  const byId = new Map(catalogue.map((scenario) => [scenario.id, scenario]));
  const wanted: Scenario[] = [];
  const problems: string[] = [];
  for (const id of new Set(requested)) {
    const scenario = byId.get(id);
    if (scenario) wanted.push(scenario);
    else problems.push(unknownScenario(id, [...byId.keys()]));
  }
  return { wanted, problems };
}

function unknownScenario(id: string, known: readonly string[]): string {
  const similar = nearest(id, known, SUGGESTIONS);
  const advice = similar.length > 0 ? `did you mean ${similar.join(' or ')}?` : 'the catalogue is empty';
  return `there is no scenario "${id}": ${advice}`;
}

/** The sum of the estimates in whole cents. */
function estimate(scenarios: readonly Scenario[]): number {
  return Math.round(scenarios.reduce((sum, { estimatedCostUsd }) => sum + estimatedCostUsd * 100, 0)) / 100;
}

function tooDear(selected: readonly Scenario[], { costCeilingUsd }: SelectionPolicy): string[] {
  const cost = estimate(selected);
  if (costCeilingUsd === undefined || cost <= costCeilingUsd) return [];
  return [
    `the scenarios asked for cost an estimated ${cost} USD, and RUN_COST_CEILING_USD is ${costCeilingUsd}: ask for fewer or raise it`,
  ];
}

function unknownExclusions(catalogue: readonly Scenario[], { excluded }: SelectionPolicy): string[] {
  const known = new Set(catalogue.map(({ id }) => id));
  return excluded
    .filter((id) => !known.has(id))
    .map((id) => `EXCLUDED_SCENARIOS names ${id}, which is not in the catalogue`);
}

function nothingToRun(catalogueSize: number, allowedSize: number): string {
  if (catalogueSize === 0) return 'there is no valid scenario: look at the rejected documents';
  if (allowedSize > 0) {
    return 'no scenario fits the settings: look at SCENARIO_WEIGHTS and RUN_COST_CEILING_USD';
  }
  return 'every scenario is excluded or needs rights that it does not get: choose others, or look at EXCLUDED_SCENARIOS and ALLOW_PRIVILEGED_SCENARIOS';
}
