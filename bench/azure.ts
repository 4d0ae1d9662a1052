import type { Delays, Latencies } from '../local/azure/core.ts';
import { AZURE_LIMITS, type Bucket, type ThrottleLimits } from '../local/azure/throttle.ts';
import { type StandInControl, standInControl } from '../local/torture/standInControl.ts';

/**
 * How Azure is taken to answer, in milliseconds of its time. Nobody guarantees such numbers; these are ordinary ones. They
 * stand on both sides of every ratio, so that an error in them moves the bound as it moves the measure.
 */
export const LATENCIES: Latencies = {
  armRead: 120,
  armWrite: 450,
  armDelete: 450,
  resourceGraph: 250,
  graphRead: 80,
  graphWrite: 350,
  keyVault: 40,
};

/** How long Azure is at it after it has answered, in milliseconds of its time. */
export const DELAYS: Delays = {
  graphReplication: 3_000,
  principalPropagation: 5_000,
  rolePropagation: 10_000,
  graphIndexLag: 15_000,
  resourceCreate: 5_000,
  resourceDelete: 15_000,
  groupDelete: 60_000,
  jobCreate: 8_000,
  jobStart: 4_000,
  secretDelete: 8_000,
};

/** Makes a stand-in as slow and as strict as Azure, with every time `factor` times as short and every bucket as fast. */
export async function playAzure(controlUrl: string, factor: number): Promise<StandInControl> {
  const control = standInControl(controlUrl);
  await control.latencies(scaled(LATENCIES, 1 / factor));
  await control.delays(scaled(DELAYS, 1 / factor));
  await control.limits(faster(factor));
  return control;
}

/** Seconds that a bucket of Azure needs for so many requests, beginning with a full one. */
export function secondsFor(requests: number, { capacity, perSecond }: Bucket): number {
  return Math.max(0, requests - capacity) / perSecond;
}

function scaled<T extends Readonly<Record<keyof T, number>>>(times: T, by: number): Record<string, number> {
  return Object.fromEntries(
    Object.entries(times).map(([name, ms]) => [name, Math.round((ms as number) * by)]),
  );
}

/** The buckets hold as much and fill faster. */
function faster(factor: number): ThrottleLimits {
  return Object.fromEntries(
    Object.entries(AZURE_LIMITS).map(([kind, { capacity, perSecond }]) => [
      kind,
      { capacity, perSecond: perSecond * factor },
    ]),
  ) as unknown as ThrottleLimits;
}
