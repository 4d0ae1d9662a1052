import type { Message } from 'rhea';
import rhea from 'rhea';
import { decodeMessage, encodeMessage } from './brokerCodec.ts';
import type { Entities } from './brokerEntities.ts';
import type { Entry, MessageQueue, Settlement } from './brokerQueue.ts';

/** What a request on a `$management` link is answered with. */
export interface ManagementReply {
  readonly statusCode: number;
  readonly statusDescription: string;
  readonly errorCondition?: string;
  readonly body?: unknown;
}

const RENEW = 'com.microsoft:renew-lock';
const DISPOSITION = 'com.microsoft:update-disposition';
const PEEK = 'com.microsoft:peek-message';
const SCHEDULE = 'com.microsoft:schedule-message';

/** AMQP type codes of the arrays that the client expects. */
const TIMESTAMP_ARRAY = 0x83;
const LONG_ARRAY = 0x81;

const SETTLEMENTS: Readonly<Record<string, Settlement>> = {
  completed: 'complete',
  abandoned: 'abandon',
  suspended: 'dead-letter',
  defered: 'defer',
};

/** Whether a management operation needs the right to send or the right to receive. */
export function managementRight(operation: string): 'send' | 'receive' {
  return operation === SCHEDULE ? 'send' : 'receive';
}

/**
 * Answers one request on `<entity>/$management`: renew locks, settle by lock token, peek, schedule. 410 when a lock is
 * lost, 501 for operations that this broker does not have (sessions, rules, deferred messages).
 */
export function answerManagement(entities: Entities, entity: string, request: Message): ManagementReply {
  const operation = String(request.application_properties?.operation);
  const body = (request.body ?? {}) as Record<string, unknown>;
  if (operation === SCHEDULE) return schedule(entities, entity, body);
  const queue = entities.queue(entity);
  if (!queue) return { statusCode: 404, statusDescription: 'Not found', errorCondition: 'amqp:not-found' };
  switch (operation) {
    case RENEW:
      return renew(queue, lockTokens(body));
    case DISPOSITION:
      return settle(queue, body);
    case PEEK:
      return peek(queue, body);
    default:
      return {
        statusCode: 501,
        statusDescription: `This broker has no operation ${operation}.`,
        errorCondition: 'amqp:not-implemented',
      };
  }
}

/** A message as it goes out: sequence number, time of arrival and, under a lock, its end. */
export function outgoing(entry: Entry, lockedUntil?: number): Message {
  return {
    ...entry.message,
    delivery_count: Math.max(0, entry.deliveryCount - (lockedUntil === undefined ? 0 : 1)),
    message_annotations: {
      ...entry.message.message_annotations,
      'x-opt-sequence-number': rhea.types.wrap_long(entry.sequence),
      'x-opt-enqueued-time': rhea.types.wrap_timestamp(entry.enqueuedAt),
      ...(lockedUntil === undefined ? {} : { 'x-opt-locked-until': rhea.types.wrap_timestamp(lockedUntil) }),
    },
  };
}

function renew(queue: MessageQueue, tokens: string[]): ManagementReply {
  if (!tokens.every((token) => queue.holds(token))) return lockLost();
  const ends = tokens.map((token) => queue.renew(token));
  return ok({ expirations: rhea.types.wrap_array(ends, TIMESTAMP_ARRAY, undefined) });
}

function settle(queue: MessageQueue, body: Record<string, unknown>): ManagementReply {
  const status = String(body['disposition-status']);
  const settlement = SETTLEMENTS[status];
  if (!settlement) return { statusCode: 400, statusDescription: `Unknown disposition status ${status}.` };
  const reason = {
    DeadLetterReason: body['deadletter-reason'],
    DeadLetterErrorDescription: body['deadletter-description'],
  };
  const settled = lockTokens(body).map((token) => queue.settle(token, settlement, reason));
  return settled.every(Boolean) ? ok() : lockLost();
}

function peek(queue: MessageQueue, body: Record<string, unknown>): ManagementReply {
  const entries = queue.peek(Number(body['from-sequence-number'] ?? 0), Number(body['message-count'] ?? 1));
  if (entries.length === 0) return { statusCode: 204, statusDescription: 'No content' };
  return ok({ messages: entries.map((entry) => ({ message: encodeMessage(outgoing(entry)) })) });
}

function schedule(entities: Entities, entity: string, body: Record<string, unknown>): ManagementReply {
  const messages = body.messages as { message: Buffer }[];
  const entries = messages.flatMap(({ message }) => entities.publish(entity, decodeMessage(message)) ?? []);
  const numbers = entries.map((entry) => entry.sequence);
  return ok({ 'sequence-numbers': rhea.types.wrap_array(numbers, LONG_ARRAY, undefined) });
}

/** Lock tokens travel as AMQP uuids, whose first three groups are byte-swapped against the delivery tag. */
function lockTokens(body: Record<string, unknown>): string[] {
  return ((body['lock-tokens'] ?? []) as Buffer[]).map((uuid) => {
    const bytes = Buffer.from(uuid);
    bytes.subarray(0, 4).reverse();
    bytes.subarray(4, 6).reverse();
    bytes.subarray(6, 8).reverse();
    return bytes.toString('hex');
  });
}

function ok(body?: unknown): ManagementReply {
  return { statusCode: 200, statusDescription: 'OK', body };
}

function lockLost(): ManagementReply {
  return {
    statusCode: 410,
    statusDescription:
      'The lock supplied is invalid. Either the lock expired, or the message was already settled.',
    errorCondition: 'com.microsoft:message-lock-lost',
  };
}
