import type { Bench } from './bench.ts';
import { load } from './load.ts';

/** Every bench, in the order in which they run. */
export const BENCHES: readonly Bench[] = [load];
