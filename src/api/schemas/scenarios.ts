import { z } from 'zod';
import { plainText } from './common.ts';

/** `area` is a name such as Compute, in any case; `requires` a privilege, or none. */
export const ScenariosQuery = z.object({
  area: plainText(1, 64).optional(),
  requires: z.enum(['role-assignment', 'entra', 'none']).optional(),
});

export const ScenarioInfo = z
  .object({
    id: z.string(),
    name: z.string(),
    title: z.string(),
    area: z.string(),
    services: z.array(z.string()),
    requires: z.array(z.string()),
    estimated_cost_usd: z.number(),
    estimated_minutes: z.int(),
    references: z.array(z.string()),
  })
  .meta({ id: 'Scenario' });
export type ScenarioInfo = z.infer<typeof ScenarioInfo>;

/** `rejected` are documents that cannot be used, and why. */
export const ScenariosAnswer = z
  .object({
    scenarios: z.array(ScenarioInfo),
    rejected: z.array(z.object({ file: z.string(), line: z.int(), reason: z.string() })),
  })
  .meta({ id: 'Scenarios' });
export type ScenariosAnswer = z.infer<typeof ScenariosAnswer>;

/** GET api/v1/scenarios/{id}: with the document's text. */
export const ScenarioDetail = ScenarioInfo.extend({ body: z.string() }).meta({ id: 'ScenarioDetail' });
export type ScenarioDetail = z.infer<typeof ScenarioDetail>;
