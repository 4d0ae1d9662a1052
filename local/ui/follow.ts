import { z } from 'zod';
import { PHASES, type RunProgress } from '../../src/domain/run.ts';
import { agentsAt } from '../stack/control.ts';
import { type DurableStatus, findStatus } from '../stack/durable.ts';
import type { Display } from './display.ts';
import { newView, nextView, type RunView } from './view.ts';

const Count = z.number().default(0);
const Counts = z.object({
  total: Count,
  provisioning: Count,
  running: Count,
  completed: Count,
  failed: Count,
});
const Cleanup = z.object({ round: z.number(), remaining: z.number(), cleanPasses: z.number() });
const Progress = z.object({
  phase: z.enum(PHASES),
  agents: Counts.optional(),
  endsAt: z.string().optional(),
  cleanup: Cleanup.optional(),
});
type SeenProgress = z.infer<typeof Progress>;

/**
 * Returns a function that takes a look at a run and shows it on `display`: the run's custom status, that of its clean-up,
 * and what the stand-in sees of the agents.
 */
export function createViewer(
  display: Display,
  at: { readonly hostUrl: string; readonly controlUrl: string; readonly runId: string },
): (status: DurableStatus) => Promise<void> {
  let view: RunView = newView(at.runId, Date.now());
  display.show(view);
  return async (status) => {
    const progress = seen(status);
    const cleanup =
      progress?.phase === 'cleaning'
        ? seen(await findStatus(at.hostUrl, `cleanup-${at.runId}`))?.cleanup
        : undefined;
    const agents = await agentsAt(at.controlUrl, at.runId);
    view = nextView(view, merge(progress, cleanup, view), agents, Date.now());
    display.show(view);
  };
}

function seen(status: DurableStatus | undefined): SeenProgress | undefined {
  const parsed = Progress.safeParse(status?.customStatus);
  return parsed.success ? parsed.data : undefined;
}

/** Later phases do not repeat the counters of the agents: the last known ones stay. */
function merge(
  progress: SeenProgress | undefined,
  cleanup: SeenProgress['cleanup'],
  view: RunView,
): RunProgress | undefined {
  if (!progress) return undefined;
  const latest = cleanup ?? progress.cleanup;
  return {
    phase: progress.phase,
    agents: progress.agents && progress.agents.total > 0 ? progress.agents : view.counts,
    ...(progress.endsAt ? { endsAt: progress.endsAt } : {}),
    ...(latest ? { cleanup: latest } : {}),
  };
}
