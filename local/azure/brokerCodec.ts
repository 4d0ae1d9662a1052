import type { Delivery, Message, Receiver, Sender } from 'rhea';
import rhea from 'rhea';

/** The parts of rhea that its type declarations leave out, typed once. */

export type OutcomeName = 'accepted' | 'rejected' | 'released' | 'modified';

/** What a client said about a delivery. */
export interface Outcome {
  readonly name: OutcomeName | undefined;
  readonly undeliverableHere: boolean;
  readonly error: { readonly condition?: string; readonly info?: Record<string, unknown> } | undefined;
}

interface WireOutcome {
  readonly constructor: { readonly composite_type?: OutcomeName };
  readonly undeliverable_here?: boolean;
  readonly error?: { readonly condition?: string; readonly info?: Record<string, unknown> };
}

const constructors = rhea.message as unknown as Record<
  OutcomeName,
  (fields?: object) => { described(): unknown }
>;

export function decodeMessage(encoded: Buffer): Message {
  return rhea.message.decode(encoded) as unknown as Message;
}

export function encodeMessage(message: Message): Buffer {
  return rhea.message.encode(message);
}

/** Message format of a batch: one transfer whose data sections are encoded messages. */
const BATCH_FORMAT = 0x80013700;

/** The messages of one transfer. rhea passes a format that it does not know as the raw buffer. */
export function messagesOf(delivery: Delivery | undefined, message: Message): Message[] {
  if (delivery?.format !== BATCH_FORMAT) return [message];
  const content: Buffer | Buffer[] = decodeMessage(message as unknown as Buffer).body.content;
  return [content].flat().map(decodeMessage);
}

/** The outcome in a delivery's remote state; undefined while there is none. */
export function outcomeOf(delivery: Delivery): Outcome | undefined {
  const state = delivery.remote_state as WireOutcome | undefined;
  return (
    state && {
      name: state.constructor.composite_type,
      undeliverableHere: state.undeliverable_here === true,
      error: state.error,
    }
  );
}

/** Settles a delivery with an outcome of our own. The client says no more about it, so that rhea may forget it. */
export function answerOutcome(delivery: Delivery, name: OutcomeName, fields?: object): void {
  delivery.update(true, constructors[name](fields).described());
  Object.assign(delivery, { remote_settled: true });
}

interface CountedLink {
  readonly credit: number;
  readonly session: {
    readonly outgoing: {
      readonly next_delivery_id: number;
      readonly next_pending_delivery: number;
      available(): number;
    };
  };
}

/**
 * How many messages a consumer still takes. rhea counts credit down when a message leaves, which is later than send();
 * and it keeps a limited number of deliveries that nobody has settled.
 */
export function creditOf(link: Sender): number {
  const { credit, session } = link as unknown as CountedLink;
  const { outgoing } = session;
  const onTheirWay = outgoing.next_delivery_id - outgoing.next_pending_delivery;
  return Math.min(credit - onTheirWay, outgoing.available());
}

interface RemoteLink {
  readonly remote: {
    readonly attach: {
      readonly source?: { readonly address?: string };
      readonly target?: { readonly address?: string };
    };
  };
}

/** The address that a client wants to send to (we receive) or to receive from (we send). */
export function addressOf(link: Sender | Receiver): string {
  const { attach } = (link as unknown as RemoteLink).remote;
  return (link.is_receiver() ? attach.target?.address : attach.source?.address) ?? '';
}
