import type { Server } from 'node:tls';
import type { Connection, EventContext, Message, Receiver, Sender } from 'rhea';
import rhea from 'rhea';
import { addressOf, messagesOf } from './brokerCodec.ts';
import { Consumers, onDisposition } from './brokerConsumers.ts';
import { Entities, type SubscriptionCounters, type Topology } from './brokerEntities.ts';
import { answerManagement, managementRight } from './brokerManagement.ts';
import { DEAD_LETTER, type MessageQueue } from './brokerQueue.ts';
import type { Principal } from './core.ts';

export type MessagingRight = 'send' | 'receive';

export interface BrokerOptions {
  readonly tls: { readonly key: string | Buffer; readonly cert: string | Buffer };
  readonly topology: Topology;
  /** 0 or undefined: any free port of 127.0.0.1. */
  readonly port?: number;
  readonly lockMs?: number;
  readonly maxDeliveryCount?: number;
  /** The principal of a token for Service Bus; undefined when the token is not valid. */
  readonly verify: (token: string) => Promise<Principal | undefined>;
  /** Whether a principal may send to or receive from an entity such as `agent-logs/subscriptions/log-processor`. */
  readonly may: (principal: Principal, right: MessagingRight, entity: string) => boolean;
  /** Told about every link and every message that was refused or taken, for the log of calls. */
  readonly onCall?: (call: BrokerCall) => void;
  /** Asked before each link and each message. For fault injection. */
  readonly fault?: (right: MessagingRight, entity: string) => BrokerFault | undefined;
}

/**
 * What goes wrong with a link or a message: it is refused, the connection is cut before or after it took effect, or
 * nobody answers (a link that nobody answers is cut).
 */
export type BrokerFault =
  | { readonly kind: 'refuse'; readonly condition: AmqpCondition }
  | { readonly kind: 'cut' | 'silence' | 'lostAnswer' };

export interface BrokerCall {
  readonly operation: 'attach' | 'message';
  readonly right: MessagingRight;
  readonly entity: string;
  readonly principal: Principal | undefined;
  readonly outcome: 'accepted' | 'refused';
}

export interface AmqpCondition {
  readonly condition: string;
  readonly description: string;
}

export interface Broker {
  readonly port: number;
  counters(): SubscriptionCounters[];
  close(): Promise<void>;
}

const CBS = '$cbs';
const MANAGEMENT = '/$management';
const PUT_TOKEN_ACCEPTED = 202;
const PUT_TOKEN_REFUSED = 401;
/** Standard tier. */
const MAX_MESSAGE_SIZE = 262_144;
const PRODUCER_CREDIT = 100;

/**
 * A Service Bus namespace on AMQP 1.0 over TLS, enough for the real clients: topics and subscriptions, peek-lock,
 * dead-letter queues, batches, `$cbs` with Entra tokens and `$management`. Listens on 127.0.0.1 only. Rejects when the
 * port is taken.
 */
export async function startBroker(options: BrokerOptions): Promise<Broker> {
  const entities = new Entities(options.topology, {
    lockMs: options.lockMs ?? 30_000,
    maxDeliveryCount: options.maxDeliveryCount ?? 10,
  });
  const sessions = new Map<Connection, ClientSession>();
  const consumers = new Map<MessageQueue, Consumers>();
  const container = rhea.create_container({ id: 'service-bus' });
  container.sasl_server_mechanisms.enable_anonymous('anonymous');
  // The .NET client, which the Functions host uses, asks for this mechanism; authorization happens on $cbs either way.
  container.sasl_server_mechanisms.MSSBCBS = container.sasl_server_mechanisms.ANONYMOUS;

  const consumersOf = (queue: MessageQueue) => {
    const known = consumers.get(queue) ?? new Consumers(queue);
    consumers.set(queue, known);
    return known;
  };

  /** Why a client may not use an entity now; undefined when it may. */
  const refusal = (
    connection: Connection,
    right: MessagingRight,
    entity: string,
  ): AmqpCondition | undefined => {
    const known = right === 'send' ? entities.isTopic(entity) : entities.queue(entity);
    if (!known) {
      return {
        condition: 'amqp:not-found',
        description: `The messaging entity '${entity}' could not be found.`,
      };
    }
    const principal = sessions.get(connection)?.principal;
    if (
      !principal ||
      !options.may(principal, right, entity.replace(new RegExp(`\\${DEAD_LETTER}$`, 'i'), ''))
    ) {
      const claim = right === 'send' ? 'Send' : 'Listen';
      return {
        condition: 'amqp:unauthorized-access',
        description: `Unauthorized access. '${claim}' claim(s) are required to perform this operation. Resource: '${entity}'.`,
      };
    }
    return undefined;
  };

  /** Plays an armed fault at a link or a control request; true when the connection is gone. */
  const isCut = (connection: Connection, fault: BrokerFault | undefined): boolean => {
    if (!fault || fault.kind === 'refuse') return false;
    cut(connection);
    return true;
  };
  const conditionOf = (fault: BrokerFault | undefined) =>
    fault?.kind === 'refuse' ? fault.condition : undefined;

  const note = (
    operation: BrokerCall['operation'],
    connection: Connection,
    right: MessagingRight,
    entity: string,
    refused: AmqpCondition | undefined,
  ) =>
    options.onCall?.({
      operation,
      right,
      entity,
      principal: sessions.get(connection)?.principal,
      outcome: refused ? 'refused' : 'accepted',
    });

  container.on('connection_open', ({ connection }: EventContext) => {
    sessions.set(connection, { principal: undefined, replies: new Map() });
  });
  container.on('disconnected', ({ connection }: EventContext) => {
    clearHeartbeats(connection);
    sessions.delete(connection);
  });
  // An EventEmitter throws on errors that nobody listens to; here the client has been told already, or is gone.
  for (const name of [
    'connection_error',
    'session_error',
    'receiver_error',
    'sender_error',
    'protocol_error',
  ])
    container.on(name, () => undefined);

  container.on('receiver_open', (context: EventContext) => {
    const { connection } = context;
    const link = context.receiver as Receiver;
    const entity = addressOf(link);
    link.set_target({ address: entity });
    if (!isControl(entity)) {
      const fault = options.fault?.('send', entity);
      const refused = refusal(connection, 'send', entity) ?? conditionOf(fault);
      note('attach', connection, 'send', entity, refused);
      if (isCut(connection, fault)) return;
      if (refused) return link.close(refused);
    }
    link.add_credit(PRODUCER_CREDIT);
  });

  container.on('sender_open', (context: EventContext) => {
    const { connection } = context;
    const link = context.sender as Sender;
    const entity = addressOf(link);
    link.set_source({ address: entity, ...(link.source?.filter ? { filter: link.source.filter } : {}) });
    if (isControl(entity)) {
      sessions.get(connection)?.replies.set(entity, link);
      return;
    }
    const fault = options.fault?.('receive', entity);
    const refused = refusal(connection, 'receive', entity) ?? conditionOf(fault);
    note('attach', connection, 'receive', entity, refused);
    if (isCut(connection, fault)) return;
    if (refused) return link.close(refused);
    const queue = entities.queue(entity);
    if (queue) consumersOf(queue).add(link, connection);
  });

  const pump = ({ sender }: EventContext) => {
    const queue = sender && entities.queue(addressOf(sender));
    if (queue) consumersOf(queue).pump();
  };
  container.on('sendable', pump);
  container.on('sender_flow', pump);
  // receiveMessages() drains its credit when its waiting time ends.
  container.on('sender_draining', ({ sender }: EventContext) => sender?.set_drained(true));
  container.on('accepted', ({ delivery }: EventContext) => onDisposition('accepted', delivery));
  container.on('rejected', ({ delivery }: EventContext) => onDisposition('rejected', delivery));
  container.on('released', ({ delivery }: EventContext) => onDisposition('released', delivery));
  container.on('modified', ({ delivery }: EventContext) => onDisposition('modified', delivery));

  container.on('message', (context: EventContext) => {
    const { connection, delivery } = context;
    const link = context.receiver as Receiver;
    const message = context.message as Message;
    const address = addressOf(link);
    link.add_credit(1);
    if (address === CBS) return void putToken(connection, message);
    if (address.endsWith(MANAGEMENT)) return manage(connection, address, message);
    const fault = options.fault?.('send', address);
    const refused = refusal(connection, 'send', address) ?? conditionOf(fault);
    note('message', connection, 'send', address, refused);
    if (refused) return delivery?.reject(refused);
    if (fault?.kind === 'silence') return;
    if (fault?.kind === 'cut') return cut(connection);
    for (const one of messagesOf(delivery, message)) entities.publish(address, one);
    if (fault?.kind === 'lostAnswer') return cut(connection);
    delivery?.accept();
  });

  async function putToken(connection: Connection, request: Message): Promise<void> {
    const session = sessions.get(connection);
    const jwt = request.application_properties?.type === 'jwt';
    const principal = jwt ? await options.verify(String(request.body)) : undefined;
    if (!session) return;
    if (principal) session.principal = principal;
    session.replies.get(CBS)?.send({
      correlation_id: request.message_id,
      body: undefined,
      application_properties: {
        'status-code': principal ? PUT_TOKEN_ACCEPTED : PUT_TOKEN_REFUSED,
        'status-description': principal
          ? 'Accepted'
          : jwt
            ? 'InvalidIssuer: Token issuer is invalid, or the token is expired or for another audience.'
            : 'LocalAuthDisabled: Authorization failed because SAS authentication has been disabled for the namespace. Use an Entra token.',
      },
    } as Message);
  }

  function manage(connection: Connection, address: string, request: Message): void {
    const entity = address.slice(0, -MANAGEMENT.length);
    const right = managementRight(String(request.application_properties?.operation));
    const fault = options.fault?.(right, entity);
    if (isCut(connection, fault)) return;
    const refused = refusal(connection, right, entity) ?? conditionOf(fault);
    const reply = refused
      ? { statusCode: 401, statusDescription: refused.description, errorCondition: refused.condition }
      : answerManagement(entities, entity, request);
    sessions
      .get(connection)
      ?.replies.get(address)
      ?.send({
        correlation_id: request.message_id,
        body: reply.body,
        application_properties: {
          statusCode: rhea.types.wrap_int(reply.statusCode),
          statusDescription: reply.statusDescription,
          ...(reply.errorCondition ? { errorCondition: reply.errorCondition } : {}),
        },
      } as Message);
  }

  const server = container.listen({
    transport: 'tls',
    host: '127.0.0.1',
    port: options.port ?? 0,
    ...options.tls,
    idle_time_out: 120_000,
    receiver_options: { max_message_size: MAX_MESSAGE_SIZE, credit_window: 0, autoaccept: false },
    sender_options: { autosettle: true },
  });
  const sockets = await listening(server);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The broker has no TCP port.');
  return {
    port: address.port,
    counters: () => entities.counters(),
    close: () =>
      new Promise((resolve) => {
        for (const connection of sessions.keys()) clearHeartbeats(connection);
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

interface ClientSession {
  /** Who the latest accepted token speaks for. */
  principal: Principal | undefined;
  /** Links on which control requests are answered, by address. */
  readonly replies: Map<string, Sender>;
}

/** Ends a connection without a word. */
function cut(connection: Connection): void {
  clearHeartbeats(connection);
  connection.socket?.destroy();
}

function isControl(address: string): boolean {
  return address === CBS || address.endsWith(MANAGEMENT);
}

/** Waits until a server listens; the set follows its open sockets. Without Nagle's delay a send takes 1 ms, not 23. */
function listening(server: Server): Promise<Set<import('node:tls').TLSSocket>> {
  const sockets = new Set<import('node:tls').TLSSocket>();
  server.on('secureConnection', (socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  return new Promise((resolve, reject) => {
    server.once('listening', () => resolve(sockets));
    server.once('error', reject);
  });
}

/** rhea leaves its heartbeat timers armed when a socket is gone, which would keep the process alive. */
function clearHeartbeats(connection: Connection): void {
  const timers = connection as unknown as Record<string, NodeJS.Timeout | undefined>;
  for (const name of ['heartbeat_in', 'heartbeat_out', 'abort_idle']) clearTimeout(timers[name]);
}
