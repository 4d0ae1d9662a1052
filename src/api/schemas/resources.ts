import { z } from 'zod';
import { Id, Instant, NextCursor, Page, plainText } from './common.ts';

export const ResourceStatus = z.enum(['created', 'deleted', 'error']);
export type ResourceStatus = z.infer<typeof ResourceStatus>;

export const ResourcesQuery = z.object({
  execution_id: Id.optional(),
  scenario: plainText(1, 100).optional(),
  status: ResourceStatus.optional(),
  type: plainText(1, 256).optional(),
  ...Page,
});

/** Everything that was made for a run: resources of the agents, and what the agents themselves are made of. */
export const ResourceInfo = z
  .object({
    id: z.string(),
    name: z.string(),
    type: z.string(),
    kind: z.string(),
    scenario: z.string(),
    execution_id: z.string(),
    agent_id: z.string(),
    created_at: Instant,
    status: ResourceStatus,
    deleted_at: Instant.nullable(),
    reason: z.string().nullable(),
    tags: z.record(z.string(), z.string()),
  })
  .meta({ id: 'Resource' });
export type ResourceInfo = z.infer<typeof ResourceInfo>;

export const ResourcesAnswer = z
  .object({ resources: z.array(ResourceInfo), next_cursor: NextCursor })
  .meta({ id: 'Resources' });
export type ResourcesAnswer = z.infer<typeof ResourcesAnswer>;
