import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { Scenario } from '../domain/scenario.ts';
import type { ApiCall } from './endpoint.ts';
import { parseQuery } from './parameters.ts';
import { fullName, requireScenario } from './scenarioNames.ts';
import { type ScenarioInfo, ScenariosQuery } from './schemas/scenarios.ts';

/** GET api/v1/scenarios: the catalogue, and the documents that cannot be used. */
export async function scenarios(request: HttpRequest, { services }: ApiCall): Promise<HttpResponseInit> {
  const { area, requires } = parseQuery(ScenariosQuery, request);
  const catalogue = await services.catalogue();
  const inArea = (scenario: Scenario) =>
    area === undefined || scenario.area.toLowerCase() === area.toLowerCase();
  const needs = (scenario: Scenario) => {
    if (requires === undefined) return true;
    return requires === 'none' ? scenario.requires.length === 0 : scenario.requires.includes(requires);
  };
  return {
    jsonBody: {
      scenarios: catalogue.scenarios.filter(inArea).filter(needs).map(scenarioInfo),
      rejected: catalogue.rejected,
    },
  };
}

/** GET api/v1/scenarios/{id}: by id or full name, with the document's text. */
export async function scenario(request: HttpRequest, { services }: ApiCall): Promise<HttpResponseInit> {
  const { scenarios: catalogue } = await services.catalogue();
  const found = requireScenario(request.params.id ?? '', catalogue);
  return { jsonBody: { ...scenarioInfo(found), body: found.body } };
}

function scenarioInfo(found: Scenario): ScenarioInfo {
  return {
    id: found.id,
    name: fullName(found),
    title: found.title,
    area: found.area,
    services: found.services,
    requires: found.requires,
    estimated_cost_usd: found.estimatedCostUsd,
    estimated_minutes: found.estimatedMinutes,
    references: found.references,
  };
}
