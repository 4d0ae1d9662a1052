import { z } from 'zod';
import { EventType, type HistoryEvent } from '../host/durable/history.ts';
import type { Instance } from '../host/durable/instance.ts';

/** More of one kind of orchestration says nothing new. */
const MAX_OF_A_KIND = 3;

const MANY = 3;
const MARKS: readonly number[] = [EventType.OrchestratorStarted, EventType.OrchestratorCompleted];

const SECRETS = /("(?:[\w-]*[sS]ecret(?:Text|Value)|[pP]assword|[aA]ccount[kK]ey)"\s*:\s*")[^"]+/g;

/** Of all instances of a task hub those that differ in what happened: a few of each kind, the longest stories first. */
export function differentOnes(instances: readonly Instance[]): Instance[] {
  const byShape = new Map<string, Instance>();
  for (const instance of instances) {
    const shape = `${kindOf(instance)}/${shapeOf(instance.history)}`;
    if (!byShape.has(shape)) byShape.set(shape, instance);
  }
  const kinds = new Map<string, Instance[]>();
  for (const instance of byShape.values()) {
    kinds.set(kindOf(instance), [...(kinds.get(kindOf(instance)) ?? []), instance]);
  }
  return [...kinds.values()].flatMap((all) =>
    all.sort((a, b) => b.history.length - a.history.length).slice(0, MAX_OF_A_KIND),
  );
}

/** A name for the file: the orchestrator and how it ended. */
export function kindOf({ name, status, output }: Instance): string {
  const { data } = z.object({ status: z.string() }).safeParse(output);
  const ok = z.object({ ok: z.boolean() }).safeParse(output).data?.ok;
  const end = data?.status ?? (ok === undefined ? status : ok ? 'ok' : 'undone');
  return `${name}-${end}`.toLowerCase().replaceAll('_', '-');
}

/** What happened, and whether once, twice or more often: a run with 12 looks is the story of one with 11. */
function shapeOf(history: readonly HistoryEvent[]): string {
  const counts = new Map<string, number>();
  for (const event of history) {
    if (MARKS.includes(event.EventType)) continue;
    const name = 'Name' in event && typeof event.Name === 'string' ? event.Name : '';
    const word = `${event.EventType}${name}`;
    counts.set(word, Math.min(MANY, (counts.get(word) ?? 0) + 1));
  }
  return [...counts].map(([word, count]) => `${word}*${count}`).join(' ');
}

/** The history without what a recording does not need. Orchestrations hold no secrets; this is the second lock. */
export function scrubbed(history: readonly HistoryEvent[]): HistoryEvent[] {
  return JSON.parse(JSON.stringify(history).replace(SECRETS, '$1***'));
}
