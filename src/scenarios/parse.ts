import type { RejectedScenario, Scenario } from '../domain/scenario.ts';
import {
  type Fault,
  GIVEN_VARIABLES,
  type ScenarioPhases,
  type ScenarioStep,
  SHELL_VARIABLES,
} from './document.ts';
import { readFrontMatter } from './frontMatter.ts';
import { shellVariables } from './shellVariables.ts';
import { readSteps } from './steps.ts';

export type ParsedScenario =
  | {
      readonly ok: true;
      readonly scenario: Scenario;
      readonly phases: ScenarioPhases;
      /** The line of the key `id`, for whoever finds it taken. */
      readonly idLine: number;
    }
  | { readonly ok: false; readonly rejected: RejectedScenario };

/**
 * Reads a scenario document (the format is described in scenarios/README.md). `file` is its name without folders. A
 * document that is not valid comes back as the first thing that is wrong with it and the line of it; nothing is thrown.
 */
export function parseScenario(file: string, text: string): ParsedScenario {
  const reject = (fault: Fault): ParsedScenario => ({ ok: false, rejected: { file, ...fault } });
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);

  const front = readFrontMatter(lines);
  if (!front.ok) return reject(front.fault);
  const { id, title } = front.frontMatter;
  if (!file.startsWith(`${id}-`)) {
    return reject({
      line: front.idLine,
      reason: `the id ${id} and the file name disagree: expected ${id}-<words>.md`,
    });
  }

  const body = readSteps(lines, front.bodyStart);
  if (!body.ok) return reject(body.fault);
  if (body.title !== title) {
    return reject({
      line: body.titleLine,
      reason: `the heading "${body.title}" differs from the title "${title}"`,
    });
  }
  const fault = unknownVariable(Object.values(body.phases).flat());
  if (fault) return reject(fault);
  const scenario = { ...front.frontMatter, file, body: lines.slice(front.bodyStart).join('\n').trimStart() };
  return { ok: true, scenario, phases: body.phases, idLine: front.idLine };
}

/** Every step is a shell of its own, so what another step has set does not count. */
function unknownVariable(steps: readonly ScenarioStep[]): Fault | undefined {
  for (const { title, script, line } of steps) {
    const { used, set } = shellVariables(script);
    const unknown = used.find(
      ({ name }) => !set.has(name) && !GIVEN_VARIABLES.has(name) && !SHELL_VARIABLES.has(name),
    );
    if (unknown) {
      return {
        line: line + unknown.line - 1,
        reason: `$${unknown.name} is neither given by the agent nor set in the step "${title}"`,
      };
    }
  }
  return undefined;
}
