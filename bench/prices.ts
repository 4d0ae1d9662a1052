/**
 * List prices in US dollars, East US, pay as you go, without the monthly free grants, as noted on the day below: Functions on
 * the Consumption plan (azure.microsoft.com/pricing/details/functions), storage general purpose v2, hot, locally redundant
 * (azure.microsoft.com/pricing/details/storage/blobs and /tables). The storage prices were not looked up again on that day:
 * check them before you rely on a sum.
 */
export const PRICES = {
  notedOn: '2026-11-21',
  perExecution: 0.2 / 1_000_000,
  perGigabyteSecond: 0.000016,
  /** Memory is charged in steps of 128 MB; the app at work takes two of them (bench cold has what it takes when loaded). */
  gigabytes: 0.25,
  /** The least that an execution is charged for. */
  leastSeconds: 0.1,
  perTableOrQueueOperation: 0.0004 / 10_000,
  perBlobWrite: 0.05 / 10_000,
  perBlobRead: 0.004 / 10_000,
} as const;
