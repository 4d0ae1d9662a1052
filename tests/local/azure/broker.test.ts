import tls from 'node:tls';
import { ServiceBusClient, type ServiceBusReceivedMessage } from '@azure/service-bus';
import mkcert from 'mkcert';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Broker, type BrokerCall, startBroker } from '../../../local/azure/broker.ts';
import type { Principal } from '../../../local/azure/core.ts';
import { createTokenIssuer, type TokenIssuer } from '../../../local/azure/tokens.ts';
import { WORLD } from '../../../local/world.ts';

const BOTH: Principal = WORLD.app;
const SENDER: Principal = WORLD.eventsIdentity;
const NOBODY: Principal = WORLD.agentIdentity;

let issuer: TokenIssuer;
let broker: Broker;
let leaf: { key: string; cert: string };
const calls: BrokerCall[] = [];
const clients: ServiceBusClient[] = [];

beforeAll(async () => {
  const ca = await mkcert.createCA({
    organization: 'test',
    countryCode: 'US',
    state: '-',
    locality: '-',
    validity: 2,
  });
  leaf = await mkcert.createCert({
    ca,
    validity: 2,
    domains: ['127.0.0.1', 'localhost', '*.servicebus.windows.net'],
  });
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), ca.cert]);
  issuer = await createTokenIssuer(WORLD.tenantId, () => [], Date.now);
  broker = await startBroker({
    tls: leaf,
    topology: { [WORLD.topic]: [WORLD.subscription, 'other'] },
    lockMs: 2_000,
    maxDeliveryCount: 3,
    verify: async (token) => {
      try {
        return (await issuer.verify(token, ['https://servicebus.azure.net'])).principal;
      } catch {
        return undefined;
      }
    },
    may: (principal, right, entity) =>
      principal.oid === BOTH.oid ||
      (principal.oid === SENDER.oid && right === 'send' && entity === WORLD.topic),
    onCall: (call) => calls.push(call),
  });
});

afterAll(async () => {
  await Promise.all(clients.map((client) => client.close()));
  await broker.close();
});

function connect(principal: Principal, audience = 'https://servicebus.azure.net'): ServiceBusClient {
  const credential = {
    getToken: async () => {
      const { token, expiresOn } = await issuer.issue(principal, audience);
      return { token, expiresOnTimestamp: expiresOn * 1_000 };
    },
  };
  const client = new ServiceBusClient(WORLD.serviceBusNamespace, credential, {
    customEndpointAddress: `sb://localhost:${broker.port}`,
    retryOptions: { maxRetries: 0, timeoutInMs: 5_000 },
  });
  clients.push(client);
  return client;
}

async function drain(receiver: ReturnType<ServiceBusClient['createReceiver']>) {
  for (const message of await receiver.receiveMessages(100, { maxWaitTimeInMs: 100 }))
    await receiver.completeMessage(message);
}

describe('the Service Bus broker', () => {
  test('a message reaches every subscription and is gone once completed', async () => {
    const client = connect(BOTH);
    await client
      .createSender(WORLD.topic)
      .sendMessages([
        { body: { n: 1 }, contentType: 'application/json', applicationProperties: { kind: 'x' } },
        { body: { n: 2 } },
      ]);
    for (const subscription of [WORLD.subscription, 'other']) {
      const receiver = client.createReceiver(WORLD.topic, subscription);
      const messages = await receiver.receiveMessages(2, { maxWaitTimeInMs: 2_000 });
      expect(messages.map((message) => message.body)).toEqual([{ n: 1 }, { n: 2 }]);
      expect(messages[0]?.applicationProperties).toEqual({ kind: 'x' });
      for (const message of messages) await receiver.completeMessage(message);
      expect(await receiver.receiveMessages(1, { maxWaitTimeInMs: 100 })).toEqual([]);
    }
    const counters = broker.counters().find(({ subscription }) => subscription === WORLD.subscription);
    expect(counters).toMatchObject({ enqueued: 2, completed: 2, active: 0 });
  });

  test('one receiver takes thousands of messages, in their order, and no more at once than it asked for', async () => {
    const own = await startBroker({
      tls: leaf,
      topology: { [WORLD.topic]: [WORLD.subscription] },
      verify: async () => BOTH,
      may: () => true,
    });
    const credential = {
      getToken: async () => ({ token: 'any', expiresOnTimestamp: Date.now() + 3_600_000 }),
    };
    const client = new ServiceBusClient(WORLD.serviceBusNamespace, credential, {
      customEndpointAddress: `sb://localhost:${own.port}`,
    });
    try {
      const count = 2_200;
      const sender = client.createSender(WORLD.topic);
      await sender.sendMessages(Array.from({ length: count }, (_, n) => ({ body: n })));
      const receiver = client.createReceiver(WORLD.topic, WORLD.subscription);
      const seen: number[] = [];
      while (seen.length < count) {
        const messages = await receiver.receiveMessages(300, { maxWaitTimeInMs: 5_000 });
        expect(messages.length).toBeLessThanOrEqual(300);
        expect(messages.length).toBeGreaterThan(0);
        await Promise.all(messages.map((message) => receiver.completeMessage(message)));
        seen.push(...messages.map(({ body }) => body));
      }
      expect(seen).toEqual(Array.from({ length: count }, (_, n) => n));
      expect(own.counters()[0]).toMatchObject({ completed: count, active: 0 });
    } finally {
      await client.close();
      await own.close();
    }
  }, 60_000);

  test('an abandoned message comes back, and is dead-lettered after the last delivery', async () => {
    const client = connect(BOTH);
    await client.createSender(WORLD.topic).sendMessages({ body: 'again' });
    const receiver = client.createReceiver(WORLD.topic, WORLD.subscription);
    for (const delivery of [0, 1, 2]) {
      const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 2_000 });
      expect(message?.deliveryCount).toBe(delivery);
      await receiver.abandonMessage(message as ServiceBusReceivedMessage);
    }
    const dead = client.createReceiver(WORLD.topic, WORLD.subscription, { subQueueType: 'deadLetter' });
    const [buried] = await dead.receiveMessages(1, { maxWaitTimeInMs: 2_000 });
    expect(buried?.deadLetterReason).toBe('MaxDeliveryCountExceeded');
    await dead.completeMessage(buried as ServiceBusReceivedMessage);
    await drain(client.createReceiver(WORLD.topic, 'other'));
  });

  test('a message can be dead-lettered with a reason', async () => {
    const client = connect(BOTH);
    await client.createSender(WORLD.topic).sendMessages({ body: 'not an event' });
    const receiver = client.createReceiver(WORLD.topic, WORLD.subscription);
    const [message] = await receiver.receiveMessages(1, { maxWaitTimeInMs: 2_000 });
    await receiver.deadLetterMessage(message as ServiceBusReceivedMessage, {
      deadLetterReason: 'unreadable',
      deadLetterErrorDescription: 'not JSON',
    });
    const dead = client.createReceiver(WORLD.topic, WORLD.subscription, { subQueueType: 'deadLetter' });
    const [buried] = await dead.receiveMessages(1, { maxWaitTimeInMs: 2_000 });
    expect(buried).toMatchObject({
      deadLetterReason: 'unreadable',
      deadLetterErrorDescription: 'not JSON',
    });
    await dead.completeMessage(buried as ServiceBusReceivedMessage);
    await drain(client.createReceiver(WORLD.topic, 'other'));
  });

  test('a lock expires, its holder is told, and the message is delivered again', async () => {
    const client = connect(BOTH);
    await client.createSender(WORLD.topic).sendMessages({ body: 'slow' });
    const slow = client.createReceiver(WORLD.topic, WORLD.subscription, {
      maxAutoLockRenewalDurationInMs: 0,
    });
    const [first] = await slow.receiveMessages(1, { maxWaitTimeInMs: 2_000 });
    const renewed = await slow.renewMessageLock(first as ServiceBusReceivedMessage);
    expect(renewed.getTime()).toBeGreaterThan(Date.now());
    const other = client.createReceiver(WORLD.topic, WORLD.subscription);
    const [second] = await other.receiveMessages(1, { maxWaitTimeInMs: 5_000 });
    expect(second?.body).toBe('slow');
    await expect(slow.completeMessage(first as ServiceBusReceivedMessage)).rejects.toMatchObject({
      code: 'MessageLockLost',
    });
    await other.completeMessage(second as ServiceBusReceivedMessage);
    await drain(client.createReceiver(WORLD.topic, 'other'));
  });

  test('subscribe() hands out each message once to competing consumers', async () => {
    const client = connect(BOTH);
    const seen: number[] = [];
    const receivers = [1, 2].map(() => client.createReceiver(WORLD.topic, WORLD.subscription));
    for (const receiver of receivers)
      receiver.subscribe({
        processMessage: async (message) => void seen.push(message.body.n),
        processError: async ({ error }) => expect.fail(error.message),
      });
    const sender = client.createSender(WORLD.topic);
    const batch = await sender.createMessageBatch();
    for (let n = 0; n < 100; n++) batch.tryAddMessage({ body: { n } });
    await sender.sendMessages(batch);
    await vi.waitFor(() => expect(seen).toHaveLength(100), { timeout: 10_000 });
    expect(new Set(seen).size).toBe(100);
    await Promise.all(receivers.map((receiver) => receiver.close()));
    await drain(client.createReceiver(WORLD.topic, 'other'));
  });

  test('peeks and schedules', async () => {
    const client = connect(BOTH);
    const sender = client.createSender(WORLD.topic);
    await sender.scheduleMessages({ body: 'later' }, new Date(Date.now() + 3_000));
    const receiver = client.createReceiver(WORLD.topic, 'other');
    expect(await receiver.peekMessages(10)).toEqual([]);
    await vi.waitFor(async () => expect(await receiver.peekMessages(10)).toHaveLength(1), {
      timeout: 15_000,
    });
    await drain(receiver);
    await drain(client.createReceiver(WORLD.topic, WORLD.subscription));
  });

  test('the events identity can send and nothing else', async () => {
    const client = connect(SENDER);
    await client.createSender(WORLD.topic).sendMessages({ body: 'hello' });
    const receiver = client.createReceiver(WORLD.topic, WORLD.subscription);
    await expect(receiver.receiveMessages(1, { maxWaitTimeInMs: 500 })).rejects.toMatchObject({
      code: 'UnauthorizedAccess',
    });
    await drain(connect(BOTH).createReceiver(WORLD.topic, WORLD.subscription));
  });

  test('a principal without a role cannot send', async () => {
    await expect(connect(NOBODY).createSender(WORLD.topic).sendMessages({ body: 1 })).rejects.toMatchObject({
      code: 'UnauthorizedAccess',
    });
    expect(calls).toContainEqual({
      operation: 'attach',
      right: 'send',
      entity: WORLD.topic,
      principal: NOBODY,
      outcome: 'refused',
    });
  });

  test('a token for another audience is refused', async () => {
    const client = connect(BOTH, 'https://management.azure.com');
    await expect(client.createSender(WORLD.topic).sendMessages({ body: 1 })).rejects.toThrow(/token/i);
  });

  test('an entity that does not exist is named', async () => {
    await expect(connect(BOTH).createSender('nowhere').sendMessages({ body: 1 })).rejects.toMatchObject({
      code: 'MessagingEntityNotFound',
      message: expect.stringContaining("'nowhere'"),
    });
  });
});
