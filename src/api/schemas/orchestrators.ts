import { z } from 'zod';
import { Instant } from './common.ts';

export const StartPath = z.object({ name: z.string().meta({ example: 'base_orchestrator' }) });
export const RaisePath = z.object({ id: z.string(), event: z.string().meta({ example: 'approved' }) });

/** The durable management payload. Its URLs carry the durable extension's own key. */
export const ManagementPayload = z.looseObject({ id: z.string(), statusQueryGetUri: z.string() }).meta({
  id: 'ManagementPayload',
});

export const InstanceAnswer = z
  .object({
    name: z.string(),
    instanceId: z.string(),
    runtimeStatus: z.string(),
    input: z.unknown(),
    output: z.unknown(),
    customStatus: z.unknown(),
    createdTime: Instant,
    lastUpdatedTime: Instant,
  })
  .meta({ id: 'Instance' });

export const RaiseAnswer = z.object({ instanceId: z.string(), event: z.string() }).meta({ id: 'Raised' });
