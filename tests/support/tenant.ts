import { setTimeout as pause } from 'node:timers/promises';
import type { LeftInCloud } from '../../local/azure/leftovers.ts';
import { appSettings } from '../../local/world.ts';
import type {
  AgentIdentity,
  AgentInput,
  ForceOutput,
  IdentitySoFar,
  VerifyOutput,
} from '../../src/activities/contracts.ts';
import { createServicePrincipal } from '../../src/activities/createServicePrincipal.ts';
import { forceCleanup } from '../../src/activities/forceCleanup.ts';
import { verifyCleanup } from '../../src/activities/verifyCleanup.ts';
import { readConfig } from '../../src/config.ts';
import type { CleanupMode, CleanupRound } from '../../src/domain/cleanup.ts';
import { stem } from '../../src/domain/naming.ts';
import { createServices, type Services } from '../../src/services.ts';
import { startAzurite } from './azurite.ts';
import { type StandInFixture, withStandIn } from './standIn.ts';
import { done } from './step.ts';

/** Fast enough for many clean-ups in one test file, and still late and asynchronous. */
const DELAYS = {
  graphReplication: 50,
  principalPropagation: 50,
  rolePropagation: 50,
  graphIndexLag: 100,
  resourceDelete: 50,
  groupDelete: 100,
  jobCreate: 50,
  jobStart: 50,
  secretDelete: 50,
};
/** Between two rounds: the orchestrator's timer, here as short as the delays. */
const INTERVAL_MS = 60;
const MAX_ROUNDS = 60;
const UNLIMITED = { capacity: 10_000, perSecond: 10_000 };

export interface Tenant extends AsyncDisposable {
  readonly fixture: StandInFixture;
  readonly services: Services;
  /** Services of another deployment in the same tenant, with other settings. */
  servicesWith(settings: Record<string, string>): Services;
  /** Gives an agent its group and identity, as a run does. */
  provision(runId: string, scenarioId: string): Promise<AgentInput>;
  verify(runId: string, round?: number): Promise<VerifyOutput>;
  /** Deletes what the last round of `runId` found. */
  force(runId: string, options?: ForceOptions): Promise<ForceOutput>;
  roundOf(runId: string, round?: number): Promise<CleanupRound>;
  /** What the cloud itself says is left of a run. */
  leftOf(runId: string): Promise<LeftInCloud[]>;
  /** Verifies and deletes until two answers in a row are clean; the last forced answer otherwise, after 60 rounds. */
  clean(runId: string, rounds?: number): Promise<{ readonly verdict: string; readonly last?: ForceOutput }>;
}

export interface ForceOptions {
  readonly mode?: CleanupMode;
  readonly dryRun?: boolean;
  readonly from?: number;
  readonly services?: Services;
}

const SWEEP = '20261121T060000Z';

/** The activities of a clean-up with real clients, against the stand-in and Azurite. One a test file; dispose it. */
export async function openTenant(): Promise<Tenant> {
  // The stand-in leads this process's fetch to Azure: Azurite, which is reached over http, comes first.
  const plainFetch = globalThis.fetch;
  const azurite = await startAzurite();
  const fixture = await withStandIn({
    delays: DELAYS,
    // Tests ask more often than any clean-up does.
    limits: { resourceGraph: UNLIMITED, reads: UNLIMITED, deletes: UNLIMITED },
  });
  const servicesWith = (settings: Record<string, string>) => {
    const { STORAGE_ACCOUNT: _, ...others } = appSettings(settings);
    return createServices(readConfig({ ...others, AzureWebJobsStorage: azurite.connectionString }));
  };
  const services = servicesWith({});
  const verify = (runId: string, round = 1) => verifyCleanup({ runId, sweep: SWEEP, round }, services);
  const force = (
    runId: string,
    { services: others = services, from = 0, ...options }: ForceOptions = {},
    round = 1,
  ) => forceCleanup({ runId, ...options, target: { kind: 'round', sweep: SWEEP, round, from } }, others);

  return {
    fixture,
    services,
    servicesWith,
    verify,
    force,
    async provision(runId, scenarioId) {
      const input = agentInput(runId, scenarioId);
      await done<AgentIdentity, IdentitySoFar>((known) =>
        createServicePrincipal({ ...input, ...known }, services),
      );
      return input;
    },
    async roundOf(runId, round = 1) {
      const found = await (await services.records()).documents.round({ runId, sweep: SWEEP, round });
      if (!found) throw new Error(`run ${runId} has no round ${round}`);
      return found;
    },
    async leftOf(runId) {
      const url = `${fixture.standIn.addresses.controlUrl}/control/leftovers?runId=${encodeURIComponent(runId)}`;
      return (await (await plainFetch(url)).json()) as LeftInCloud[];
    },
    async clean(runId, rounds = MAX_ROUNDS) {
      let passes = 0;
      let last: ForceOutput | undefined;
      for (let round = 1; round <= rounds; round++) {
        const provesIt = passes === 1;
        const { verdict, found } = await verifyCleanup({ runId, sweep: SWEEP, round, provesIt }, services);
        passes = verdict === 'clean' ? passes + 1 : 0;
        if (passes === 2) return { verdict };
        if (found > 0) last = await force(runId, {}, round);
        await pause(INTERVAL_MS);
      }
      return { verdict: 'leftovers', ...(last ? { last } : {}) };
    },
    async [Symbol.asyncDispose]() {
      await azurite[Symbol.asyncDispose]();
      await fixture[Symbol.asyncDispose]();
    },
  };
}

/** What provisioning is asked for: one agent of a run that ends in nine hours. */
export function agentInput(runId: string, scenarioId: string): AgentInput {
  const now = Date.now();
  const at = (hours: number) => new Date(now + hours * 3_600_000).toISOString();
  return {
    scope: {
      runId,
      startedAt: at(0),
      endsAt: at(8),
      expiresOn: at(9),
      graceSeconds: 900,
      checkIntervalSeconds: 900,
      tags: {},
    },
    agent: { agentId: stem(runId, scenarioId), scenarioId },
  };
}
