import type { ServiceBusReceivedMessage } from '@azure/service-bus';
import type { TypedData } from './rpc.ts';

/** A message body as the worker gets it: bytes become text, as for a trigger without dataType. */
export function bodyText({ body }: ServiceBusReceivedMessage): string {
  if (Buffer.isBuffer(body) || body instanceof Uint8Array) return Buffer.from(body).toString('utf8');
  return typeof body === 'string' ? body : JSON.stringify(body ?? null);
}

/** Trigger data: one message, or a collection. The worker parses each as JSON where it can. */
export function messageData(messages: readonly ServiceBusReceivedMessage[], many: boolean): TypedData {
  if (many) return { collectionString: { string: messages.map(bodyText) } };
  const [only] = messages;
  return only ? { string: bodyText(only) } : {};
}

/** Trigger metadata: the names of the Service Bus extension, as arrays (`MessageIdArray` ...) for batches. */
export function messageMetadata(
  messages: readonly ServiceBusReceivedMessage[],
  many: boolean,
): Record<string, TypedData> {
  const [first] = messages;
  if (!first) return {};
  if (!many) return jsonValues(properties(first));
  const all = messages.map(properties);
  return jsonValues(
    Object.fromEntries(
      Object.keys(properties(first)).map((key) => [`${key}Array`, all.map((each) => each[key])]),
    ),
  );
}

function properties(message: ServiceBusReceivedMessage): Record<string, unknown> {
  return {
    MessageId: message.messageId,
    DeliveryCount: (message.deliveryCount ?? 0) + 1,
    EnqueuedTimeUtc: message.enqueuedTimeUtc?.toISOString() ?? null,
    ExpiresAtUtc: message.expiresAtUtc?.toISOString() ?? null,
    SequenceNumber: message.sequenceNumber?.toNumber() ?? null,
    LockToken: message.lockToken ?? null,
    ContentType: message.contentType ?? null,
    CorrelationId: message.correlationId ?? null,
    Subject: message.subject ?? null,
    Label: message.subject ?? null,
    SessionId: message.sessionId ?? null,
    ApplicationProperties: message.applicationProperties ?? {},
    UserProperties: message.applicationProperties ?? {},
  };
}

function jsonValues(values: Record<string, unknown>): Record<string, TypedData> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([key, value]) => [key, { json: JSON.stringify(value) }]),
  );
}
