import type { DurableClient } from 'durable-functions';
import { describe, expect, it } from 'vitest';
import { startOnce } from '../src/instances.ts';
import { slotRunId } from '../src/schedule/slot.ts';

/** An engine that remembers what was started, and may be out of reach. */
function engine({ reachable = true } = {}) {
  const started = new Map<string, unknown>();
  const client: Pick<DurableClient, 'getStatus' | 'startNew'> = {
    async getStatus(id) {
      if (!started.has(id)) throw new Error(`DurableClient error: HTTP 404 for ${id}`);
      return { instanceId: id } as Awaited<ReturnType<DurableClient['getStatus']>>;
    },
    async startNew(_name, options) {
      if (!reachable) throw new Error('connect ECONNREFUSED');
      started.set(options?.instanceId ?? '', options?.input);
      return options?.instanceId ?? '';
    },
  };
  return { client: client as DurableClient, started };
}

describe('starting a run', () => {
  it('ancestor 43, 48: the same slot, or the same request again, is the same run', async () => {
    const { client, started } = engine();
    const id = slotRunId('0 0 0,6,12,18 * * *', new Date('2026-11-21T06:00:00Z'));
    expect(await startOnce(client, 'orchestrate_haymaker_run', id, { trigger: 'timer' })).toBe(true);
    expect(await startOnce(client, 'orchestrate_haymaker_run', id, { trigger: 'timer' })).toBe(false);
    expect([...started.keys()]).toEqual([id]);
  });

  it('ancestor 47: that fails is an error, and leaves nothing that says queued', async () => {
    const { client, started } = engine({ reachable: false });
    await expect(startOnce(client, 'orchestrate_haymaker_run', 'r', {})).rejects.toThrow(/ECONNREFUSED/);
    expect(started.size).toBe(0);
  });
});
