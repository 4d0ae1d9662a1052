import { WORLD } from '../world.ts';
import { Authorization } from './authorization.ts';
import { CallLog } from './calls.ts';
import { DEFAULT_DELAYS, type Delays, type Latencies, NO_LATENCIES } from './core.ts';
import { Directory } from './directory.ts';
import { Faults } from './faults.ts';
import { Identities } from './identities.ts';
import { followIdentities } from './identityResources.ts';
import { Lies } from './lies.ts';
import { Locks } from './locks.ts';
import { Operations } from './operations.ts';
import type { Pki } from './pki.ts';
import { GROUP_TYPE, ResourceStore } from './resources.ts';
import { IssuedSecrets } from './secrets.ts';
import { SoftDeletions } from './softDelete.ts';
import { AZURE_LIMITS, Throttle, type ThrottleLimits } from './throttle.ts';
import { createTokenIssuer, type TokenIssuer } from './tokens.ts';

/** Everything that the services of the stand-in share. Each service gets it whole and keeps its own state besides. */
export interface Cloud {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** May be changed while the stand-in runs. */
  readonly delays: { -readonly [K in keyof Delays]: Delays[K] };
  /** May be changed while the stand-in runs. */
  readonly latencies: { -readonly [K in keyof Latencies]: Latencies[K] };
  /** Seeds whatever is left to chance, so that the same seed plays the same way. */
  readonly seed: string;
  readonly calls: CallLog;
  readonly faults: Faults;
  readonly lies: Lies;
  /** How far the cloud's clock is ahead of this machine's; may be changed while the stand-in runs. */
  readonly clock: { aheadMs: number };
  readonly directory: Directory;
  readonly authorization: Authorization;
  readonly resources: ResourceStore;
  readonly softDeletions: SoftDeletions;
  readonly locks: Locks;
  readonly operations: Operations;
  readonly throttle: Throttle;
  /** May be changed while the stand-in runs. */
  readonly limits: { -readonly [K in keyof ThrottleLimits]: ThrottleLimits[K] };
  readonly identities: Identities;
  readonly tokens: TokenIssuer;
  readonly secretsIssued: IssuedSecrets;
  readonly pki: Pki;
}

export interface CloudOptions {
  readonly pki: Pki;
  readonly delays?: Partial<Delays>;
  readonly limits?: Partial<ThrottleLimits>;
  readonly seed?: string;
  readonly now?: () => number;
}

/** An empty tenant and subscription: nothing in it yet, nobody may do anything. */
export async function createCloud(options: CloudOptions): Promise<Cloud> {
  const machineTime = options.now ?? Date.now;
  const clock = { aheadMs: 0 };
  const now = () => machineTime() + clock.aheadMs;
  const delays = { ...DEFAULT_DELAYS, ...options.delays };
  const secretsIssued = new IssuedSecrets();
  const directory = new Directory({
    now,
    replicationMs: () => delays.graphReplication,
    secrets: secretsIssued,
  });
  const authorization = new Authorization(now);
  const resources = new ResourceStore(now);
  const softDeletions = new SoftDeletions(now);
  resources.onChange((id, resource, removed) => {
    if (resource) return;
    authorization.removeBelow(id);
    if (removed) softDeletions.keep(removed);
    // A group that Azure made for a resource goes with it.
    const managed = resources.list(
      ({ rest }) => String(rest.managedBy ?? '').toLowerCase() === id.toLowerCase(),
    );
    for (const group of managed)
      if (group.type === GROUP_TYPE) resources.beginDelete(group.id, delays.groupDelete);
  });
  const cloud: Cloud = {
    now,
    delays,
    latencies: { ...NO_LATENCIES },
    seed: options.seed ?? 'haymaker',
    calls: new CallLog(),
    faults: new Faults(),
    lies: new Lies(resources),
    clock,
    directory,
    authorization,
    resources,
    softDeletions,
    locks: new Locks(),
    operations: new Operations(now),
    throttle: new Throttle(now),
    limits: { ...AZURE_LIMITS, ...options.limits },
    identities: new Identities(),
    tokens: await createTokenIssuer(WORLD.tenantId, (oid, audience) => directory.rolesAt(audience, oid), now),
    secretsIssued,
    pki: options.pki,
  };
  followIdentities(cloud);
  return cloud;
}
