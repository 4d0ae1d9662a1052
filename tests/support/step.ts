import type { Step } from '../../src/domain/run.ts';
import { until } from './until.ts';

/** Calls a step as the orchestrator does, with what it said before, but without its pauses; its value once it is done. */
export async function done<T, S>(step: (soFar: { soFar?: S }) => Promise<Step<T, S>>): Promise<T> {
  let value: T | undefined;
  let known: { soFar?: S } = {};
  await until(async () => {
    const answer = await step(known);
    if (answer.state === 'failed') throw new Error(answer.error);
    if (answer.state === 'done') value = answer.value;
    else if (answer.soFar) known = { soFar: answer.soFar };
    return answer.state === 'done';
  });
  return value as T;
}
