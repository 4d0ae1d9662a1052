import path from 'node:path';
import { ensureError } from '../../src/domain/errors.ts';
import { REPOSITORY } from '../stack/paths.ts';
import type { Case } from './cases.ts';
import { failed, judge, type Observation } from './judge.ts';
import { type Lab, openLab } from './lab.ts';
import { performCase } from './performCase.ts';

/** Logs and checkpoints of failed cases. */
const TRACES = path.join(REPOSITORY, '.haymaker', 'torture');

export interface PoolOptions {
  readonly seed: string;
  readonly parallel: number;
  readonly signal: AbortSignal;
  readonly onResult: (observation: Observation) => void;
}

/**
 * Performs the cases in several labs side by side. A lab in which a case went wrong is thrown away: what that case left
 * must not be laid at the door of the next. Rejects when labs cannot be opened, or when `signal` aborts.
 */
export async function performAll(cases: readonly Case[], first: Lab, options: PoolOptions): Promise<void> {
  const waiting = [...cases];
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  let number = 0;
  const work = async (given?: Lab): Promise<void> => {
    let lab = given;
    try {
      for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) {
        signal.throwIfAborted();
        lab ??= await openLab(options.seed, signal);
        const seen = await performCase(lab, one, options.seed, `torture-${++number}`);
        // What was broken off by our own leaving is no result.
        signal.throwIfAborted();
        options.onResult(seen);
        if (failed(judge(seen))) {
          lab.keepTraces(path.join(TRACES, one.id.replace(/[^\w.-]+/g, '_')));
          await lab.close();
          lab = undefined;
        }
      }
    } catch (error) {
      stop.abort(error);
      throw error;
    } finally {
      await lab?.close();
    }
  };
  const workers = Array.from({ length: Math.min(options.parallel, cases.length) }, (_, index) =>
    work(index === 0 ? first : undefined),
  );
  const outcomes = await Promise.allSettled(workers);
  if (stop.signal.aborted && outcomes.some(({ status }) => status === 'rejected'))
    throw ensureError(stop.signal.reason);
}
