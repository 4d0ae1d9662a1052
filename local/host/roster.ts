import type { RegisteredFunction } from './core-api.ts';
import type { HttpFunction } from './http-functions.ts';
import type { BusFunction } from './service-bus.ts';
import type { TimerFunction } from './timers.ts';

/** One line of the table of functions. */
export interface FunctionSummary {
  readonly name: string;
  /** The binding's type, such as `httpTrigger`. */
  readonly trigger: string;
  /** Methods and route, schedule, or topic/subscription; empty for the rest. */
  readonly detail: string;
}

/** All functions, sorted by name as the platform does. */
export function summarize(
  functions: Iterable<RegisteredFunction>,
  http: readonly HttpFunction[],
  timers: readonly TimerFunction[],
  buses: readonly BusFunction[],
): FunctionSummary[] {
  const details = new Map<string, string>([
    ...http.map(({ fn, route, methods }) => [fn.name, `${methods.join(',')} /${route.template}`] as const),
    ...timers.map(({ fn, text }) => [fn.name, text] as const),
    ...buses.map(({ fn, topic, subscription }) => [fn.name, `${topic}/${subscription}`] as const),
  ]);
  return [...functions]
    .map(({ name, trigger }) => ({ name, trigger: trigger.type, detail: details.get(name) ?? '' }))
    .sort((a, b) => a.name.toLowerCase().localeCompare(b.name.toLowerCase()));
}

/** The functions as a table with aligned columns, one line each. */
export function table(functions: readonly FunctionSummary[]): string {
  const widest = (key: 'name' | 'trigger'): number => Math.max(...functions.map((each) => each[key].length));
  const [name, trigger] = [widest('name'), widest('trigger')];
  return functions
    .map((each) => `  ${each.name.padEnd(name)}  ${each.trigger.padEnd(trigger)}  ${each.detail}`.trimEnd())
    .join('\n');
}
