import { z } from 'zod';
import { type AREAS, ScenarioId } from './scenario.ts';

/** The areas by the beginning of their scenarios' ids. */
export const AREA_OF_ID = {
  'ai-ml': 'AI & ML',
  analytics: 'Analytics',
  compute: 'Compute',
  containers: 'Containers',
  databases: 'Databases',
  hybrid: 'Hybrid+Multicloud',
  identity: 'Identity',
  networking: 'Networking',
  security: 'Security',
  webapps: 'Web Apps',
} as const satisfies Record<string, (typeof AREAS)[number]>;

const MAX_WEIGHT = 100;

/** What a customer has set about which scenarios run. It is written into the plan of every run. */
export interface SelectionPolicy {
  /** How often an area is drawn compared with others; 1 where it is not named, 0 is never. */
  readonly weights: Readonly<Record<string, number>>;
  /** What the estimated costs of a run's scenarios may add up to. */
  readonly costCeilingUsd?: number;
  readonly excluded: readonly string[];
  /** How many different areas a run has at least, when there are as many agents and areas. */
  readonly minAreas: number;
  readonly avoidRepeats: boolean;
}

/** SCENARIO_WEIGHTS: `networking=3,ai-ml=0`. Whole numbers, so that a draw is the same on every machine. */
export const ScenarioWeights = z.string().transform((text, context) => {
  const weights: Record<string, number> = {};
  for (const entry of listed(text)) {
    const [id = '', value = ''] = entry.split('=').map((part) => part.trim());
    const area = Object.entries(AREA_OF_ID).find(([known]) => known === id)?.[1];
    const weight = /^\d{1,3}$/.test(value) ? Number(value) : Number.NaN;
    if (!area || !(weight <= MAX_WEIGHT)) {
      const known = Object.keys(AREA_OF_ID).join(', ');
      context.addIssue(
        `expected area=weight with a weight from 0 to ${MAX_WEIGHT} and one of ${known}; got "${entry}"`,
      );
      return z.NEVER;
    }
    weights[area] = weight;
  }
  return weights;
});

/** EXCLUDED_SCENARIOS: ids with commas between them. */
export const ExcludedScenarios = z.string().transform(listed).pipe(z.array(ScenarioId));

function listed(text: string): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}
