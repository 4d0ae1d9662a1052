import type { LeftoverInfo } from './schemas/cleanup.ts';

/** A leftover, a planned deletion or one that failed, in the words of the API. */
export function leftoverInfo(
  runId: string,
  thing: {
    readonly kind: string;
    readonly id: string;
    readonly resourceType?: string;
    readonly agentId?: string;
    readonly reason?: string;
  },
): LeftoverInfo {
  return {
    execution_id: runId,
    kind: thing.kind,
    id: thing.id,
    type: thing.resourceType ?? null,
    agent_id: thing.agentId ?? null,
    reason: thing.reason ?? null,
  };
}
