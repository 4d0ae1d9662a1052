import type { Scenario } from '../domain/scenario.ts';
import { nearest } from '../scenarios/nearest.ts';
import type { Services } from '../services.ts';
import { notFound } from './errors.ts';

const SUGGESTIONS = 3;

/** The full name of a scenario: its id with its title behind it, as its file is called. */
export function fullName({ file }: Pick<Scenario, 'file'>): string {
  return file.replace(/^.*\/|\.md$/g, '');
}

/** The scenario with this id or full name. */
export function findScenario(name: string, catalogue: readonly Scenario[]): Scenario | undefined {
  return catalogue.find((scenario) => scenario.id === name || fullName(scenario) === name);
}

/** @throws ApiError 404 SCENARIO_NOT_FOUND with the nearest names */
export function requireScenario(name: string, catalogue: readonly Scenario[]): Scenario {
  const found = findScenario(name, catalogue);
  if (found) return found;
  const ids = catalogue.map(({ id }) => id);
  const close = nearest(name.slice(0, 100), ids, SUGGESTIONS);
  const error = notFound('SCENARIO_NOT_FOUND', 'scenario', name, { nearest: close });
  error.message += ` Did you mean ${close.join(' or ')}?`;
  throw error;
}

/** The id for a filter: of a scenario that the catalogue knows by either name, or the text itself (an older scenario's id). */
export async function scenarioId(name: string | undefined, services: Services): Promise<string | undefined> {
  if (name === undefined) return undefined;
  return findScenario(name, (await services.catalogue()).scenarios)?.id ?? name;
}
