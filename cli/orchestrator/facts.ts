import { z } from 'zod';
import { CommandFailure } from '../exit.ts';
import { Health, Status } from '../http/answers.ts';
import { type Client, createClient } from '../http/client.ts';
import type { Session } from '../session.ts';

/** What one question brought: its answer, or why there is none. */
export type Probe<T> =
  | { readonly ok: true; readonly value: T; readonly tookMs: number }
  | { readonly ok: false; readonly why: string; readonly exitCode: number };

const HostStatus = z.looseObject({
  state: z.string(),
  version: z.string().nullish(),
  processUptime: z.number().nullish(),
  errors: z.array(z.string()).nullish(),
});
const Functions = z.array(z.looseObject({ name: z.string(), isDisabled: z.boolean().nullish() }));
const Instances = z.array(
  z.looseObject({ name: z.string(), instanceId: z.string(), runtimeStatus: z.string() }),
);

/** What the orchestrator says of itself. */
export interface Facts {
  readonly endpoint: string;
  readonly health: Probe<Health>;
  readonly api: Probe<Status>;
  readonly host: Probe<z.infer<typeof HostStatus>>;
  readonly functions: Probe<z.infer<typeof Functions>>;
  /** Orchestrations that are running, pending or suspended, and those that failed within a day. */
  readonly live: Probe<z.infer<typeof Instances>>;
  readonly failed: Probe<z.infer<typeof Instances>>;
}

const WEBHOOK = '/runtime/webhooks/durabletask/instances';
const DAY_MS = 86_400_000;

/**
 * Asks the app and the Functions host side by side. The host's own endpoints (admin, durabletask) open to the master key;
 * on Azure a function key is refused there, which is a probe that failed and no failure of the command.
 */
export async function gatherFacts(session: Session): Promise<Facts> {
  const connection = session.connection();
  const { endpoint, adminKey } = connection;
  const client = createClient(connection);
  const open = createClient({ ...connection, credentials: { type: 'none' } });
  const admin = adminKey
    ? createClient({ ...connection, source: 'admin-key', credentials: { type: 'api_key', key: adminKey } })
    : client;
  const since = new Date(session.now() - DAY_MS).toISOString();
  const instances = (query: Record<string, string>) => () =>
    admin.get(WEBHOOK, Instances, { query: { showInput: false, top: 100, ...query } });
  const [health, api, host, functions, live, failed] = await Promise.all([
    probe(() => healthOf(open)),
    probe(() => client.get('/api/v1/status', Status)),
    probe(() => admin.get('/admin/host/status', HostStatus)),
    probe(() => admin.get('/admin/functions', Functions)),
    probe(instances({ runtimeStatus: 'Running,Pending,Suspended' })),
    probe(instances({ runtimeStatus: 'Failed', createdTimeFrom: since })),
  ]);
  return { endpoint, health, api, host, functions, live, failed };
}

/** A 503 of the health endpoint is an answer, not a failure: it says which check does not pass. */
async function healthOf(client: Client): Promise<Health> {
  const response = await fetch(`${client.connection.endpoint}/health`, {
    redirect: 'manual',
    signal: AbortSignal.timeout(15_000),
  }).catch(() => undefined);
  const parsed = Health.safeParse(await response?.json().catch(() => undefined));
  return parsed.success ? parsed.data : client.get('/health', Health);
}

async function probe<T>(ask: () => Promise<T>): Promise<Probe<T>> {
  const began = performance.now();
  try {
    const value = await ask();
    return { ok: true, value, tookMs: Math.round(performance.now() - began) };
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    return { ok: false, why: error.message, exitCode: error.exitCode };
  }
}
