import { z } from 'zod';
import { MAX_NAME_LENGTH, NAME_PREFIX } from './naming.ts';

export const AREAS = [
  'AI & ML',
  'Analytics',
  'Compute',
  'Containers',
  'Databases',
  'Hybrid+Multicloud',
  'Identity',
  'Networking',
  'Security',
  'Web Apps',
] as const;

/** Longest scenario id for which hm-<8 hex>-<id> is still a Container Apps job name. */
const MAX_ID_LENGTH = MAX_NAME_LENGTH - NAME_PREFIX.length - 9;

export const ScenarioId = z
  .string()
  .max(MAX_ID_LENGTH)
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*-\d{2}$/, 'expected an id such as compute-01');

/**
 * What a scenario may need beyond Contributor on its own group. `role-assignment` is granted with ALLOW_PRIVILEGED_SCENARIOS
 * (domain/roles.ts), `entra` never (scenarios/README.md).
 */
export const Privilege = z.enum(['role-assignment', 'entra']);
export type Privilege = z.infer<typeof Privilege>;

/** The YAML front matter of scenarios/*.md. */
export const ScenarioFrontMatter = z.strictObject({
  id: ScenarioId,
  title: z.string().min(3).max(120),
  area: z.enum(AREAS),
  services: z.array(z.string().min(2)).min(1),
  requires: z.array(Privilege).default([]),
  estimatedCostUsd: z.number().nonnegative(),
  estimatedCostBasis: z.string().min(3),
  estimatedMinutes: z.number().int().positive(),
  purge: z.array(z.string()).default([]),
  references: z.array(z.url()).min(1),
});
export type ScenarioFrontMatter = z.infer<typeof ScenarioFrontMatter>;

/** A scenario document that was read and found valid. */
export interface Scenario extends ScenarioFrontMatter {
  readonly file: string;
  readonly body: string;
}

/** A scenario document that could not be used: where and why. */
export interface RejectedScenario {
  readonly file: string;
  readonly line: number;
  readonly reason: string;
}

export interface SkippedScenario {
  readonly scenarioId: string;
  readonly reason: string;
}
