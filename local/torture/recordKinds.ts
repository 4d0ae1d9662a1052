import { CommandError } from '../stack/command.ts';
import { startRun } from '../stack/durable.ts';
import { WORLD } from '../world.ts';
import { type CallKind, callKinds } from './callKinds.ts';
import type { Moment } from './cases.ts';
import { ended } from './durableRun.ts';
import type { Lab } from './lab.ts';

const RUN_ID = 'torture-recording';
const LIMIT_MS = 120_000;
const APP = new Set<string>([WORLD.app.displayName, WORLD.agentIdentity.displayName]);

/**
 * Performs two undisturbed runs in a lab, the first with a host that has just started, and returns the kinds of wire calls
 * that they made. One agent cleans up, the other has to be cleaned up after. Throws CommandError when a run does not end
 * verified.
 */
export async function recordKinds(lab: Lab): Promise<CallKind[]> {
  await lab.reset({ cold: true });
  const cold = await record(lab, `${RUN_ID}-1`);
  const warm = await record(lab, `${RUN_ID}-2`);
  return cold.map((kind) => {
    const warmUntil = warm.find(({ call }) => call === kind.call)?.moments.at(-1);
    return { ...kind, ...(warmUntil ? { warmUntil } : {}) };
  });
}

async function record({ stack, control, lost }: Lab, runId: string): Promise<CallKind[]> {
  await control.behaviours({ 'compute-01': 'clean', 'security-01': 'hangs' });
  const since: { readonly moment: Moment; readonly at: number }[] = [{ moment: 'start', at: 0 }];
  await control.forgetCalls();
  await startRun(stack.url, runId, { scenarios: ['compute-01', 'security-01'] });
  const status = await ended(stack.url, runId, LIMIT_MS, lost, (phase) => {
    if (phase === 'provisioning' || phase === 'monitoring' || phase === 'cleaning')
      since.push({ moment: phase, at: Date.now() });
  });
  const left = await control.leftovers();
  if (status?.runtimeStatus !== 'Completed' || left.length > 0) {
    throw new CommandError(
      `Without any fault the run ended as ${status?.runtimeStatus ?? 'nothing'} and left ${left.length} things. ` +
        `There is no point in torturing it: see "npm start". ${JSON.stringify(status?.output)}`,
    );
  }
  return callKinds(await control.calls(), {
    runId,
    isAgent: (principal) => !APP.has(principal),
    momentAt: (at) => since.findLast((entry) => entry.at <= at)?.moment ?? 'start',
  });
}
