import type { ServiceBusReceivedMessage, ServiceBusReceiver } from '@azure/service-bus';
import { Batcher } from './batcher.ts';
import type { RegisteredFunction } from './core-api.ts';
import { HostError, member, reasonOf } from './host-error.ts';
import type { Invoke } from './invoke.ts';
import type { Log } from './log.ts';
import { messageData, messageMetadata } from './service-bus-data.ts';
import type { BusSettings, Environment } from './settings.ts';
import { resolveSetting } from './settings.ts';

/** The .NET client returns what has come when it has waited so long behind the first message. */
const BATCH_MOMENT_MS = 20;
const RECONNECT_AFTER_MS = 2_000;
const COMPLAIN_AT_MOST_EVERY_MS = 30_000;

/** A Service Bus trigger with its settings resolved. */
export interface BusFunction {
  readonly fn: RegisteredFunction;
  readonly topic: string;
  readonly subscription: string;
  readonly many: boolean;
  readonly connection: { readonly connectionString: string } | { readonly namespace: string };
  /** Where the namespace really is, such as sb://127.0.0.1:5671; undefined for its own address. */
  readonly customEndpoint: string | undefined;
}

/** The Service Bus topic functions. Throws a HostError for a missing setting, or for a trigger on a queue. */
export function busFunctions(
  functions: Iterable<RegisteredFunction>,
  environment: Environment,
): BusFunction[] {
  return [...functions]
    .filter((fn) => fn.trigger.type.toLowerCase() === 'servicebustrigger')
    .map((fn) => {
      const setting = (key: string): string => {
        const value = fn.trigger[key];
        if (typeof value !== 'string' || value === '') {
          throw new HostError(
            `${fn.name}: its Service Bus trigger has no ${key}. The local host serves topics only.`,
          );
        }
        return resolveSetting(value, environment, `${fn.name}, ${key}`);
      };
      return {
        fn,
        topic: setting('topicName'),
        subscription: setting('subscriptionName'),
        many: fn.trigger.cardinality === 'many',
        connection: connectionOf(fn.name, setting('connection'), environment),
        customEndpoint: environment.SERVICE_BUS_ENDPOINT || undefined,
      };
    });
}

function connectionOf(
  functionName: string,
  name: string,
  environment: Environment,
): BusFunction['connection'] {
  const connectionString = environment[name];
  if (connectionString) return { connectionString };
  const namespace = environment[`${name}__fullyQualifiedNamespace`];
  if (namespace) return { namespace };
  throw new HostError(
    `${functionName}: neither ${name}__fullyQualifiedNamespace (with a managed identity) nor ${name} (a connection string) is set. Set one.`,
  );
}

/**
 * Receives for one function until stopped: completes on return, abandons on a throw, and connects again, patiently and with
 * one line of log in half a minute, when the broker is away. Like the extension's listener: single messages are handled
 * side by side, batches one after another, and a batch is what has come, not what was waited for.
 */
export class BusListener {
  readonly #bus: BusFunction;
  readonly #invoke: Invoke;
  readonly #settings: BusSettings;
  readonly #log: Log;
  #stopped = false;
  #disconnect: () => Promise<void> = async () => {};
  #lastComplaint = 0;
  #reconnect: NodeJS.Timeout | undefined;

  constructor(bus: BusFunction, settings: BusSettings, invoke: Invoke, log: Log) {
    this.#bus = bus;
    this.#settings = settings;
    this.#invoke = invoke;
    this.#log = log;
  }

  /** Connects in the background; a broker that is not there yet is tried again. */
  start(): void {
    this.#connect().catch((error: unknown) => this.#lost(error));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#reconnect);
    await this.#disconnect();
  }

  async #connect(): Promise<void> {
    const { topic, subscription, many } = this.#bus;
    const client = await createClient(this.#bus);
    const receiver = client.createReceiver(topic, subscription, { receiveMode: 'peekLock' });
    let gone = false;
    this.#disconnect = async () => {
      gone = true;
      await receiver.close();
      await client.close();
    };
    const { maxMessageBatchSize, maxConcurrentCalls } = this.#settings;
    const batcher = new Batcher<ServiceBusReceivedMessage>(maxMessageBatchSize, BATCH_MOMENT_MS, (batch) =>
      this.#handle(receiver, batch),
    );
    receiver.subscribe(
      {
        processMessage: (message) => (many ? batcher.add(message) : this.#handle(receiver, [message])),
        processError: async ({ error }) => {
          if (gone || this.#stopped || member(error, 'code') === 'MessageLockLost') return;
          gone = true;
          this.#lost(error);
        },
      },
      {
        autoCompleteMessages: false,
        maxConcurrentCalls: many ? maxMessageBatchSize : maxConcurrentCalls,
        // The extension renews the locks of single messages only.
        ...(many ? { maxAutoLockRenewalDurationInMs: 0 } : {}),
      },
    );
  }

  async #handle(receiver: ServiceBusReceiver, batch: readonly ServiceBusReceivedMessage[]): Promise<void> {
    const { fn, many } = this.#bus;
    let settle = (message: ServiceBusReceivedMessage): Promise<void> => receiver.completeMessage(message);
    try {
      await this.#invoke(fn, {
        data: messageData(batch, many),
        triggerMetadata: messageMetadata(batch, many),
      });
    } catch (error) {
      this.#log.host(
        'error',
        `${fn.name}: ${reasonOf(error)} (${batch.length} messages go back to the subscription)`,
      );
      settle = (message) => receiver.abandonMessage(message);
    }
    const settled = await Promise.allSettled(batch.map(settle));
    const lost = settled.filter((each) => each.status === 'rejected').length;
    // Not settled means delivered again, which an at-least-once handler has to expect anyway.
    if (lost > 0 && !this.#stopped)
      this.#complain(`${lost} messages could not be settled and will come again`);
  }

  #lost(error: unknown): void {
    if (this.#stopped) return;
    this.#complain(
      `Service Bus ${this.#bus.topic}/${this.#bus.subscription}: ${reasonOf(error)}. Connecting again.`,
    );
    this.#disconnect().catch(() => {
      // The connection is gone already; there is nothing left to close.
    });
    clearTimeout(this.#reconnect);
    this.#reconnect = setTimeout(() => this.start(), RECONNECT_AFTER_MS);
  }

  #complain(message: string): void {
    if (Date.now() - this.#lastComplaint < COMPLAIN_AT_MOST_EVERY_MS) return;
    this.#lastComplaint = Date.now();
    this.#log.host('warning', message);
  }
}

/** The SDK is loaded only when a function needs it: it costs a third of the host's start. */
async function createClient({ connection, customEndpoint }: BusFunction) {
  const { ServiceBusClient } = await import('@azure/service-bus');
  const options = {
    retryOptions: { maxRetries: 1, timeoutInMs: 20_000 },
    ...(customEndpoint === undefined ? {} : { customEndpointAddress: customEndpoint }),
  };
  if ('connectionString' in connection) return new ServiceBusClient(connection.connectionString, options);
  const { ManagedIdentityCredential } = await import('@azure/identity');
  return new ServiceBusClient(connection.namespace, new ManagedIdentityCredential(), options);
}
