import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import tls from 'node:tls';
import { ServiceBusClient } from '@azure/service-bus';
import mkcert from 'mkcert';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Broker, startBroker } from '../../../local/azure/broker.ts';
import { WORLD } from '../../../local/world.ts';
import type { FixtureApp, HostProcess } from './harness.ts';
import { buildFixture, journalLines, startFixture, until } from './harness.ts';

/** The token says nothing here: who may do what is the broker's business and tested there. */
const TOKEN = 'token-of-the-function-app';

let app: FixtureApp;
let broker: Broker;
let host: HostProcess;
let identity: Server;
let leaf: { key: string; cert: string };
let caPath: string;

beforeAll(async () => {
  app = await buildFixture();
  const ca = await mkcert.createCA({
    organization: 'test',
    countryCode: 'US',
    state: '-',
    locality: '-',
    validity: 2,
  });
  leaf = await mkcert.createCert({ ca, validity: 2, domains: ['127.0.0.1'] });
  caPath = join(app.dir, 'ca.pem');
  writeFileSync(caPath, ca.cert);
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), ca.cert]);
  broker = await openBroker(0);
  identity = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify({
        access_token: TOKEN,
        expires_on: String(Math.floor(Date.now() / 1000) + 3_600),
        resource: 'https://servicebus.azure.net',
        token_type: 'Bearer',
      }),
    );
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => identity.once('listening', listening));
  host = await startFixture(app, {
    FIXTURE_BUS: '1',
    Bus__fullyQualifiedNamespace: WORLD.serviceBusNamespace,
    SERVICE_BUS_ENDPOINT: `sb://127.0.0.1:${broker.port}`,
    IDENTITY_ENDPOINT: `http://127.0.0.1:${(identity.address() as AddressInfo).port}/msi/token`,
    IDENTITY_HEADER: 'local',
    NODE_EXTRA_CA_CERTS: caPath,
  });
});

afterAll(async () => {
  await host?.stop();
  await broker?.close();
  identity?.close();
  app?.remove();
});

function openBroker(port: number): Promise<Broker> {
  return startBroker({
    tls: leaf,
    port,
    topology: { [WORLD.topic]: [WORLD.subscription] },
    verify: async (token) => (token === TOKEN ? WORLD.app : undefined),
    may: () => true,
  });
}

async function send(...numbers: number[]): Promise<void> {
  const credential = { getToken: async () => ({ token: TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 }) };
  const client = new ServiceBusClient(WORLD.serviceBusNamespace, credential, {
    customEndpointAddress: `sb://127.0.0.1:${broker.port}`,
  });
  try {
    const sender = client.createSender(WORLD.topic);
    await sender.sendMessages(numbers.map((n) => ({ body: { n }, messageId: `m${n}` })));
  } finally {
    await client.close();
  }
}

const batches = (): string[] => journalLines(app).filter((line) => line.startsWith('batch'));
const seen = (n: number): boolean => batches().some((line) => line.includes(`{"n":${n}}`));

test('messages arrive as batches with their metadata, and are completed', async () => {
  await send(1, 2, 3);
  await until(() => [1, 2, 3].every(seen), Boolean);
  expect(batches()).toContain('batch [{"n":1},{"n":2},{"n":3}] ["m1","m2","m3"]');
  await until(
    () => broker.counters()[0]?.completed,
    (completed) => completed === 3,
  );
  expect(host.stderr()).toBe('');
});

test('a batch that throws goes back and comes again', async () => {
  await send(13);
  await until(() => seen(13), Boolean);
  expect(host.stderr()).toContain('ingest: unlucky (1 messages go back to the subscription)');
});

test('a broker that goes away and comes back is found again, with one line about it', async () => {
  const { port } = broker;
  await broker.close();
  await until(() => host.stderr().includes('Connecting again'), Boolean);
  broker = await openBroker(port);
  await send(21);
  await until(() => seen(21), Boolean, 30_000);
  expect(host.stderr().match(/Connecting again/g)).toHaveLength(1);
  expect(host.stderr()).not.toMatch(/\n\s+at /);
}, 60_000);
