import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { ServiceBusClient } from '@azure/service-bus';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Broker, startBroker } from '../../local/azure/broker.ts';
import { loadPki } from '../../local/azure/pki.ts';
import { freePort } from '../../local/stack/ports.ts';
import { WORLD } from '../../local/world.ts';
import { createServiceBus, type ServiceBus } from '../../src/azure/serviceBus.ts';
import { Denied, Missing, Unavailable } from '../../src/domain/errors.ts';

const notIngested = async () => false;
const credential = {
  getToken: async () => ({ token: 'app', expiresOnTimestamp: Date.now() + 3_600_000 }),
};

let workDir: string;
let broker: Broker;
let mayReceive = true;
const open: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  workDir = await mkdtemp(join(tmpdir(), 'haymaker-'));
  const pki = await loadPki(workDir);
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), pki.ca]);
  broker = await startBroker({
    tls: pki,
    topology: { [WORLD.topic]: [WORLD.subscription] },
    verify: async () => WORLD.app,
    may: (_principal, right) => right === 'send' || mayReceive,
  });
}, 30_000);

afterEach(async () => {
  mayReceive = true;
  await Promise.all(open.splice(0).map((each) => each.close()));
});

afterAll(async () => {
  await broker.close();
  await rm(workDir, { recursive: true });
});

function connect(port = broker.port): ServiceBus {
  const bus = createServiceBus(credential, {
    namespace: WORLD.serviceBusNamespace,
    endpoint: `sb://localhost:${port}`,
  });
  open.push(bus);
  return bus;
}

function receiver() {
  const client = new ServiceBusClient(WORLD.serviceBusNamespace, credential, {
    customEndpointAddress: `sb://localhost:${broker.port}`,
  });
  open.push(client);
  return client.createReceiver(WORLD.topic, WORLD.subscription);
}

describe('the round trip', () => {
  test('sees its probe in the subscription and takes nothing out of it', async () => {
    const bus = connect();
    await bus.sendProbe('earlier');
    await bus.roundTrip(5_000, notIngested);
    const trigger = receiver();
    const messages = await trigger.receiveMessages(10, { maxWaitTimeInMs: 500 });
    expect(messages).toHaveLength(2);
    expect(messages[0]?.body).toMatchObject({ event_type: 'haymaker_probe', event_id: 'earlier' });
    expect(messages.map(({ deliveryCount }) => deliveryCount)).toEqual([0, 0]);
    await Promise.all(
      messages.map((message) =>
        receiver()
          .completeMessage(message)
          .catch(() => undefined),
      ),
    );
  });

  test('also succeeds when the trigger was faster', async () => {
    const asked: string[] = [];
    await connect().roundTrip(5_000, async (probeId) => {
      asked.push(probeId);
      return true;
    });
    expect(asked).toHaveLength(1);
  });

  test('is denied when the identity may not read the subscription', async () => {
    mayReceive = false;
    await expect(connect().roundTrip(5_000, notIngested)).rejects.toThrow(Denied);
  });
});

test('a topic that does not exist is Missing', async () => {
  const pki = await loadPki(workDir);
  const empty = await startBroker({ tls: pki, topology: {}, verify: async () => WORLD.app, may: () => true });
  try {
    const bus = createServiceBus(credential, {
      namespace: WORLD.serviceBusNamespace,
      endpoint: `sb://localhost:${empty.port}`,
    });
    await expect(bus.sendProbe('x')).rejects.toThrow(Missing);
    await bus.close();
  } finally {
    await empty.close();
  }
});

test('a namespace that does not answer is Unavailable', async () => {
  const port = await freePort();
  await expect(connect(port).sendProbe('x')).rejects.toThrow(Unavailable);
});
