import { describe, expect, it, vi } from 'vitest';
import { createEventStream } from '../../agent/eventStream.ts';
import { announcedBefore, changesBetween, inventoryOf } from '../../agent/inventory.ts';
import { AgentEvent } from '../../src/domain/event.ts';

const SETTINGS = { runId: 'run-1', agentId: 'hm-0123abcd-compute-01', scenarioId: 'compute-01' };
const scrub = (text: string) => text.replaceAll('hunter2', '***');

function stream(deliver: (event: AgentEvent) => Promise<void>) {
  vi.spyOn(console, 'log').mockImplementation(() => {});
  vi.spyOn(console, 'error').mockImplementation(() => {});
  return createEventStream(SETTINGS, scrub, deliver, async () => undefined);
}

describe('the stream of events', () => {
  it('sends what the app reads, without secrets, and nothing endless', async () => {
    const sent: unknown[] = [];
    const events = stream(async (event) => void sent.push(event));
    await events.post({
      event_type: 'operation',
      message: `hunter2 ${'x'.repeat(9_000)}`,
      details: { a: ['hunter2'] },
    });
    const event = AgentEvent.parse(sent[0]);
    expect(event).toMatchObject({
      run_id: 'run-1',
      scenario: 'compute-01',
      severity: 'info',
      details: { a: ['***'] },
    });
    expect(event.message).toMatch(/^\*\*\* x+…$/);
  });

  it('keeps what could not be delivered, and sends it in order with the next', async () => {
    const sent: string[] = [];
    let isUp = false;
    const events = stream(async ({ message }) => {
      if (!isUp) throw new Error('no connection');
      sent.push(message);
    });
    await events.post({ event_type: 'operation', message: 'one' });
    expect(events.pending).toBe(1);
    isUp = true;
    await events.post({ event_type: 'operation', message: 'two' });
    expect(sent).toEqual(['one', 'two']);
    expect(events.pending).toBe(0);
  });

  it('gives the same event the same id, whoever says it again', async () => {
    const ids: string[] = [];
    const events = stream(async ({ event_id }) => void ids.push(event_id));
    for (const identity of ['a', 'a', 'b'])
      await events.post({ event_type: 'operation', message: 'm', identity });
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
  });
});

describe('the inventory of a group', () => {
  const disk = (name: string, createdAt: number) => ({
    id: `/groups/g/disks/${name}`,
    type: 'Microsoft.Compute/disks',
    name,
    createdAt,
  });

  it('announces what is new and what is gone', () => {
    const changes = changesBetween(inventoryOf([disk('a', 1)]), inventoryOf([disk('b', 2)]));
    expect(changes.map(({ event_type, message }) => [event_type, message])).toEqual([
      ['resource_created', 'Made disks b.'],
      ['resource_deleted', 'Removed disks a.'],
    ]);
  });

  it('knows after a restart what was announced before, and announces in doubt', () => {
    const known = announcedBefore([disk('a', 5), disk('b', 9), disk('c', 0)], 5);
    expect([...known.values()].map(({ name }) => name)).toEqual(['a']);
  });
});
