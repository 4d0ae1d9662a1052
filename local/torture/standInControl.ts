import { z } from 'zod';
import { CommandError } from '../stack/command.ts';
import type { SeenCall } from './callKinds.ts';
import type { Left } from './judge.ts';

const REQUEST_MS = 30_000;

const Leftovers = z.array(z.object({ kind: z.string(), id: z.string(), name: z.string() }));
const Calls = z.object({
  calls: z.array(
    z.object({
      at: z.number(),
      service: z.string(),
      method: z.string(),
      host: z.string(),
      path: z.string(),
      operation: z.string(),
      principal: z.string().optional(),
      status: z.number(),
      lostStatus: z.number().optional(),
    }),
  ),
});
const Counts = z.object({
  total: z.number(),
  byService: z.record(z.string(), z.number()),
  byOperation: z.record(z.string(), z.number()),
  byStatus: z.record(z.string(), z.number()),
});
const Agents = z.array(z.object({ agentId: z.string(), runId: z.string() }));
const Armed = z.array(z.object({ hits: z.number() }));

export type RecordedCall = SeenCall & { readonly status: number; readonly lostStatus?: number | undefined };

/** The stand-in's control endpoint, which sees the cloud as it is. */
export function standInControl(controlUrl: string) {
  const send = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const response = await fetch(`${controlUrl}/control/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(REQUEST_MS),
    });
    const text = await response.text();
    if (!response.ok) throw new CommandError(`The stand-in answered ${response.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    /** All that is ours, of whatever run. */
    leftovers: async (): Promise<Left[]> => Leftovers.parse(await send('GET', 'leftovers')),
    calls: async (): Promise<RecordedCall[]> => Calls.parse(await send('GET', 'calls?detail=1')).calls,
    forgetCalls: () => send('DELETE', 'calls'),
    agents: async () => Agents.parse(await send('GET', 'agents')),
    arm: (spec: unknown) => send('POST', 'faults', spec),
    /** Removes all faults; returns how often they were played. */
    async disarm(): Promise<number> {
      const armed = Armed.parse(await send('GET', 'faults'));
      await send('DELETE', 'faults');
      return armed.reduce((sum, { hits }) => sum + hits, 0);
    },
    delays: (delays: Readonly<Record<string, number>>) => send('POST', 'delays', delays),
    latencies: (latencies: Readonly<Record<string, number>>) => send('POST', 'latencies', latencies),
    limits: (limits: object) => send('POST', 'limits', limits),
    resources: (resources: readonly object[]) => send('POST', 'resources', resources),
    counts: async () => Counts.parse(await send('GET', 'calls')),
    behaviours: (byScenario: Readonly<Record<string, string>>) => send('POST', 'agents', byScenario),
    lies: (lies: Readonly<Record<string, unknown>>) => send('POST', 'lies', lies),
    clock: (aheadMs: number) => send('POST', 'clock', { aheadMs }),
  };
}
export type StandInControl = ReturnType<typeof standInControl>;
