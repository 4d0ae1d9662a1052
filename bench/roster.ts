import { api } from './api.ts';
import type { Bench } from './bench.ts';
import { cold } from './cold.ts';
import { cost } from './cost.ts';
import { ingest } from './ingest.ts';
import { load } from './load.ts';
import { provision } from './provision.ts';

/** Every bench, in the order in which they run. */
export const BENCHES: readonly Bench[] = [provision, cold, api, ingest, cost, load];
