import { api } from './api.ts';
import type { Bench } from './bench.ts';
import { cold } from './cold.ts';
import { cost } from './cost.ts';
import { history } from './history.ts';
import { ingest } from './ingest.ts';
import { load } from './load.ts';
import { provision } from './provision.ts';
import { remove } from './remove.ts';
import { tick } from './tick.ts';

/** Every bench, in the order in which they run. */
export const BENCHES: readonly Bench[] = [provision, remove, tick, history, cold, api, ingest, cost, load];
