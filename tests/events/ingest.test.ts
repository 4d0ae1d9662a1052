import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStorage, type Storage } from '../../src/azure/storage.ts';
import { stem } from '../../src/domain/naming.ts';
import { ingestAgentEvents } from '../../src/events/ingest.ts';
import { createRecords } from '../../src/records/records.ts';
import type { Services } from '../../src/services.ts';
import { type Azurite, startAzurite } from '../support/azurite.ts';

const RUN = 'run-20261121T0600Z';
const STARTED = '2026-11-21T06:00:00.000Z';
const A = stem(RUN, 'compute-01');
const B = stem(RUN, 'networking-02');
const TODAY = () => new Date().toISOString().slice(0, 10);

let azurite: Azurite;
let storage: Storage;

beforeAll(async () => {
  azurite = await startAzurite();
  storage = createStorage({ connectionString: azurite.connectionString });
  const { runs } = createRecords(storage);
  await runs.save(RUN, { status: 'running', startedAt: STARTED, scenarios: [] });
}, 30_000);
afterAll(() => azurite[Symbol.asyncDispose]());

/** The services of a fresh process: nothing is remembered. */
const freshServices = (over: Partial<Storage> = {}) => {
  const records = createRecords({ ...storage, ...over });
  return { records: async () => records } as unknown as Services;
};

const event = (agentId: string, n: number, more: object = {}) => ({
  event_type: 'operation',
  event_id: `${agentId}-${n}`,
  timestamp: new Date(Date.parse(STARTED) + n * 1_000).toISOString(),
  run_id: RUN,
  agent_id: agentId,
  scenario: 'compute-01',
  severity: 'info',
  message: `step ${n}`,
  ...more,
});

const take = async (messages: readonly unknown[], services: Services) => {
  const { events, parked } = await ingestAgentEvents(messages, services);
  return { events, parked: parked.length };
};

const linesOf = async (agentId: string): Promise<string[]> =>
  (await storage.readLines(`${RUN}/${agentId}.jsonl`)).map((line) => JSON.parse(line).event_id);

describe('a batch of events', () => {
  test('joins the logs in the order in which it came, and the agents say what they did last', async () => {
    const services = freshServices();
    const outcome = await take(
      [event(A, 1), event(B, 1), event(A, 2), event(B, 2, { event_type: 'heartbeat' }), event(A, 3)],
      services,
    );
    expect(outcome).toEqual({ events: 5, parked: 0 });
    expect(await linesOf(A)).toEqual([`${A}-1`, `${A}-2`, `${A}-3`]);
    expect(await linesOf(B)).toEqual([`${B}-1`, `${B}-2`]);
    const row = await storage.get('Agents', RUN, B);
    expect(row).toMatchObject({ lastMessage: 'step 1', lastHeardAt: event(B, 2).timestamp });
  });

  test('that comes again is not written again by the process that wrote it', async () => {
    const services = freshServices();
    const batch = [event(A, 11), event(A, 12), event(A, 11)];
    await ingestAgentEvents(batch, services);
    await ingestAgentEvents([...batch, event(A, 13)], services);
    expect((await linesOf(A)).slice(-3)).toEqual([`${A}-11`, `${A}-12`, `${A}-13`]);
  });

  test('announces resources of its own group only; made and removed in one batch is removed', async () => {
    const records = await freshServices().records();
    const id = (group: string, name: string) =>
      `/subscriptions/s/resourceGroups/${group}/providers/Microsoft.Storage/storageAccounts/${name}`;
    const made = { event_type: 'resource_created', resource_type: 'Microsoft.Storage/storageAccounts' };
    await ingestAgentEvents(
      [
        event(A, 21, { ...made, resource_id: id(A, 'kept') }),
        event(A, 22, { ...made, resource_id: id(A, 'gone') }),
        event(A, 23, { ...made, resource_id: id('somebody-elses', 'alien') }),
        event(A, 24, { event_type: 'resource_deleted', resource_id: id(A, 'gone') }),
      ],
      freshServices(),
    );
    const entries = (await records.ledger.ofRun(RUN)).map((entry) => [
      entry.id.split('/').at(-1),
      entry.state,
    ]);
    expect(entries.sort()).toEqual([
      ['gone', 'deleted'],
      ['kept', 'created'],
    ]);
    const { resources } = await records.resources.page({ runId: RUN }, 10);
    expect(resources.map(({ id, status }) => [id.split('/').at(-1), status]).sort()).toEqual([
      ['gone', 'deleted'],
      ['kept', 'created'],
    ]);
  });
});

describe('a message that cannot be read', () => {
  test('is parked with the reason and does not hold up its neighbours', async () => {
    const services = freshServices();
    const outcome = await take(
      ['no JSON', event(A, 31), 42, event(A, 32, { severity: 'loud' }), event(B, 33, { run_id: 'another' })],
      services,
    );
    expect(outcome).toEqual({ events: 1, parked: 4 });
    expect((await linesOf(A)).at(-1)).toBe(`${A}-31`);
    const parked = await (await services.records()).events.parked(TODAY());
    expect(parked.map(({ message }) => message.slice(0, 7))).toEqual(['no JSON', '42', '{"event', '{"event']);
    expect(parked.map(({ why }) => why).join('\n')).toMatch(/severity[\s\S]*does not belong to run another/);
  });

  test('nor does an agent whose log the storage refuses', async () => {
    const { Rejected } = await import('../../src/domain/errors.ts');
    const services = freshServices({
      appendLines: (path, lines) =>
        path.includes(A) ? Promise.reject(new Rejected('no such luck')) : storage.appendLines(path, lines),
    });
    expect(await take([event(A, 41), event(B, 41)], services)).toEqual({ events: 1, parked: 1 });
    expect((await linesOf(B)).at(-1)).toBe(`${B}-41`);
  });

  test('but a storage that does not answer gives the whole batch back', async () => {
    const { Unavailable } = await import('../../src/domain/errors.ts');
    const services = freshServices({ appendLines: () => Promise.reject(new Unavailable('away')) });
    await expect(ingestAgentEvents([event(A, 51)], services)).rejects.toThrow('away');
  });
});

test('a probe of the validation is noted, and is nobody’s event', async () => {
  const services = freshServices();
  const probe = { event_type: 'haymaker_probe', event_id: 'probe-1', timestamp: STARTED };
  expect(await take([probe], services)).toEqual({ events: 1, parked: 0 });
  expect(await (await services.records()).events.takeProbe('probe-1')).toBe(true);
});
