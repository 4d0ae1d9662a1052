import type { OrchestrationHandler } from 'durable-functions';
import { baseOrchestrator } from '../../src/run/baseOrchestrator.ts';
import { closeRun } from '../../src/run/closeRun.ts';
import { haymakerRun } from '../../src/run/haymakerRun.ts';
import { provisionAgent } from '../../src/run/provisionAgent.ts';
import { provisionLane } from '../../src/run/provisionLane.ts';
import { removeLeftovers } from '../../src/run/removeLeftovers.ts';

/** The app's orchestrators under the names of src/index.ts. */
export const ORCHESTRATORS: Readonly<Record<string, OrchestrationHandler>> = {
  orchestrate_haymaker_run: haymakerRun,
  provision_lane: provisionLane,
  provision_agent: provisionAgent,
  remove_leftovers: removeLeftovers,
  close_run: closeRun,
  base_orchestrator: baseOrchestrator,
};
