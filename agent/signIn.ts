import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type CommandResult, runCommand } from './shell.ts';

/** A new service principal, and its first role assignment, are known everywhere only after a while. */
const PROPAGATION_MS = 5 * 60_000;
const RETRY_MS = 5_000;
const LOGIN_TIMEOUT_MS = 90_000;

export interface SignInOptions {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** The environment of the steps: the CLI keeps its session in its AZURE_CONFIG_DIR. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
}

export class SignInError extends Error {
  override readonly name = 'SignInError';
}

/**
 * Signs the Azure CLI in as the agent's service principal. The secret travels in a file that only we can read, for a
 * command line is visible to every process (the CLI expands `@file` in any argument:
 * https://learn.microsoft.com/cli/azure/use-azure-cli-successfully-tips). Throws SignInError.
 */
export async function signIn(options: SignInOptions): Promise<void> {
  const { clientId, clientSecret, tenantId, subscriptionId, env, signal } = options;
  const folder = await mkdtemp(join(tmpdir(), 'sign-in-'));
  const file = join(folder, 'secret');
  try {
    await writeFile(file, clientSecret, { mode: 0o600, flag: 'wx' });
    const login = ['login', '--service-principal', '--username', clientId, '--password', `@${file}`];
    const inTenant = [...login, '--tenant', tenantId, '--output', 'none'];
    await patiently(signal, () => runCommand('az', inTenant, { env, signal, timeoutMs: LOGIN_TIMEOUT_MS }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const account = ['account', 'set', '--subscription', subscriptionId];
  await patiently(signal, () => runCommand('az', account, { env, signal, timeoutMs: LOGIN_TIMEOUT_MS }));
}

async function patiently(signal: AbortSignal, attempt: () => Promise<CommandResult>): Promise<void> {
  const until = Date.now() + PROPAGATION_MS;
  for (;;) {
    const result = await attempt();
    if (result.exitCode === 0) return;
    signal.throwIfAborted();
    if (Date.now() > until) {
      throw new SignInError(
        `The Azure CLI could not sign in within ${PROPAGATION_MS / 60_000} minutes: ${result.stderr.trim()}`,
      );
    }
    await delay(RETRY_MS, undefined, { signal });
  }
}
