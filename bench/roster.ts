import type { Bench } from './bench.ts';
import { load } from './load.ts';
import { provision } from './provision.ts';

/** Every bench, in the order in which they run. */
export const BENCHES: readonly Bench[] = [load, provision];
