import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogEvent, LogEvents } from '../../../src/log/events.ts';
import { until } from './http.ts';
import type { Target } from './target.ts';

type Logged<E extends LogEvent> = { readonly event: E } & LogEvents[E];

/** What the app has logged of one event so far, in order, as the host wrote it. */
export function logged<E extends LogEvent>({ stack }: Target, event: E): Logged<E>[] {
  const logs = stack?.logs ?? '';
  return readdirSync(logs)
    .filter((name) => name.startsWith('host'))
    .flatMap((name) => readFileSync(join(logs, name), 'utf8').split('\n'))
    .flatMap((line) => {
      const at = line.indexOf(`{"event":"${event}"`);
      return at < 0 ? [] : [JSON.parse(line.slice(at)) as Logged<E>];
    });
}

/** Waits until an event that fits was logged: the host writes its log a moment after it has answered. */
export async function untilLogged<E extends LogEvent>(
  at: Target,
  event: E,
  fits: (logged: Logged<E>) => boolean,
): Promise<void> {
  await until(
    async () => logged(at, event),
    (events) => events.some(fits),
    15_000,
  );
}
