import type { Scenario, SkippedScenario } from '../domain/scenario.ts';
import { nearest } from './nearest.ts';
import { shuffle } from './random.ts';

const SUGGESTIONS = 3;

export interface SelectionInput {
  readonly catalogue: readonly Scenario[];
  /** How many to draw; an explicit list is taken whole, whatever the size. */
  readonly size: number;
  readonly requested?: readonly string[];
  readonly seed: string;
  readonly allowPrivileged: boolean;
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
 * Decides what a run plays. Without `requested`: `size` scenarios drawn by the seed, one of every area before a second of
 * any, whatever order the catalogue is in; when there are fewer, all of them and a note. With `requested`: exactly those,
 * in that order, each once. Scenarios that need rights the operator has not allowed are skipped with the reason.
 */
export function selectScenarios(input: SelectionInput): Selection {
  const catalogue = [...input.catalogue].sort((a, b) => (a.id < b.id ? -1 : 1));
  const { wanted, problems } = input.requested
    ? lookUp(input.requested, catalogue)
    : { wanted: shuffle(catalogue, input.seed), problems: [] };

  const isAllowed = (scenario: Scenario) => input.allowPrivileged || scenario.requires.length === 0;
  const allowed = wanted.filter(isAllowed);
  const selected = input.requested ? allowed : spreadOverAreas(allowed).slice(0, input.size);
  const skipped = wanted.filter((scenario) => !isAllowed(scenario)).map(skippedForRights);
  skipped.sort((a, b) => (a.scenarioId < b.scenarioId ? -1 : 1));

  const notes: string[] = [];
  if (!input.requested && selected.length > 0 && selected.length < input.size) {
    notes.push(
      `${input.size} scenarios were asked for and ${selected.length} can run: all of them were selected`,
    );
  }
  if (selected.length === 0 && problems.length === 0) problems.push(nothingToRun(catalogue.length));
  return { selected, skipped, problems, notes };
}

/** Orders scenarios so that the first of every area come first, then the seconds, each rank in the order given. */
function spreadOverAreas(shuffled: readonly Scenario[]): Scenario[] {
  const seen = new Map<string, number>();
  const ranked = shuffled.map((scenario) => {
    const rank = seen.get(scenario.area) ?? 0;
    seen.set(scenario.area, rank + 1);
    return { scenario, rank };
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ scenario }) => scenario);
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

function skippedForRights({ id, requires }: Scenario): SkippedScenario {
  return {
    scenarioId: id,
    reason: `needs more than Contributor on its own group (${requires.join(', ')}); set ALLOW_PRIVILEGED_SCENARIOS=true to allow it`,
  };
}

function nothingToRun(catalogueSize: number): string {
  return catalogueSize === 0
    ? 'there is no valid scenario: look at the rejected documents'
    : 'every scenario needs rights that are not allowed: choose others or set ALLOW_PRIVILEGED_SCENARIOS=true';
}
