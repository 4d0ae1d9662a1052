import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

const Profile = z.object({ clientId: z.string(), clientSecret: z.string(), tenantId: z.string() });
const Token = z.object({ access_token: z.string(), expires_in: z.number() });
const Cache = z.record(z.string(), z.object({ token: z.string(), expiresAt: z.number() }));
type Profile = z.infer<typeof Profile>;

const RENEW_BEFORE_MS = 300_000;

/** The command failed: what the real CLI would print after "ERROR: ", and its exit code. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: number;
  constructor(message: string, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

function fileOf(name: string): string {
  const folder = process.env.AZURE_CONFIG_DIR ?? join(homedir(), '.azure');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, name);
}

function read<T>(name: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(fileOf(name), 'utf8')));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function write(name: string, value: unknown): void {
  writeFileSync(fileOf(name), JSON.stringify(value), { mode: 0o600 });
}

/** `az login --service-principal`: proves the secret and keeps it, as the real CLI does, in its configuration folder. */
export async function logIn(profile: Profile): Promise<void> {
  await requestToken(profile, 'https://management.azure.com');
  write('service_principal.json', profile);
}

/** An access token for `audience`, such as https://graph.microsoft.com. Throws CliError when nobody has signed in. */
export async function accessToken(audience: string): Promise<string> {
  const profile = read('service_principal.json', Profile);
  if (!profile) throw new CliError("Please run 'az login' to setup account.");
  const cache = read('tokens.json', Cache) ?? {};
  const known = cache[audience];
  if (known && known.expiresAt - RENEW_BEFORE_MS > Date.now()) return known.token;
  const { access_token: token, expires_in: seconds } = await requestToken(profile, audience);
  write('tokens.json', { ...cache, [audience]: { token, expiresAt: Date.now() + seconds * 1_000 } });
  return token;
}

async function requestToken(profile: Profile, audience: string): Promise<z.infer<typeof Token>> {
  const response = await fetch(`https://login.microsoftonline.com/${profile.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: profile.clientId,
      client_secret: profile.clientSecret,
      scope: `${audience}/.default`,
    }),
  });
  const body: unknown = await response.json();
  if (!response.ok) {
    const { error_description: why = `HTTP ${response.status}` } = Object(body);
    throw new CliError(String(why));
  }
  return Token.parse(body);
}
