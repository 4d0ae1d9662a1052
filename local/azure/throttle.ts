/** Size of a token bucket and how fast it fills. */
export interface Bucket {
  readonly capacity: number;
  readonly perSecond: number;
}

/** What a throttled service answers with. */
export interface Admission {
  readonly admitted: boolean;
  /** Whole requests that would still be admitted now. */
  readonly remaining: number;
  /** Seconds until the next request is admitted; 0 when it would be now. */
  readonly retryAfterSeconds: number;
}

/** Sizes of the buckets; tests make them small. */
export interface ThrottleLimits {
  readonly reads: Bucket;
  readonly writes: Bucket;
  readonly deletes: Bucket;
  readonly resourceGraph: Bucket;
  readonly graphReads: Bucket;
  readonly graphWrites: Bucket;
}

/**
 * Azure Resource Manager since 2024, per principal and kind of operation:
 * https://learn.microsoft.com/azure/azure-resource-manager/management/request-limits-and-throttling
 * Resource Graph: 15 queries in 5 seconds, per principal.
 * Microsoft Graph, per application and tenant, of the smallest tenants: 3,500 resource units in 10 seconds, of which a read
 * of one object is one, and 3,000 writes in 150 seconds: https://learn.microsoft.com/graph/throttling-limits
 */
export const AZURE_LIMITS: ThrottleLimits = {
  reads: { capacity: 250, perSecond: 25 },
  writes: { capacity: 200, perSecond: 10 },
  deletes: { capacity: 200, perSecond: 10 },
  resourceGraph: { capacity: 15, perSecond: 3 },
  graphReads: { capacity: 3_500, perSecond: 350 },
  graphWrites: { capacity: 3_000, perSecond: 20 },
};

/** Token buckets by key, such as "reads/<object id>". */
export class Throttle {
  private readonly levels = new Map<string, { level: number; at: number }>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  /** Takes one token from the bucket of `key`. */
  take(key: string, bucket: Bucket): Admission {
    const now = this.now();
    const last = this.levels.get(key) ?? { level: bucket.capacity, at: now };
    const filled = Math.min(bucket.capacity, last.level + ((now - last.at) / 1000) * bucket.perSecond);
    const admitted = filled >= 1;
    const level = admitted ? filled - 1 : filled;
    this.levels.set(key, { level, at: now });
    return {
      admitted,
      remaining: Math.floor(level),
      retryAfterSeconds: level >= 1 ? 0 : (1 - level) / bucket.perSecond,
    };
  }
}
