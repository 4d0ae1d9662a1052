import { createHash, X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCA, createCert } from 'mkcert';

/** Every host name that the stand-in plays. */
const DOMAINS = [
  'management.azure.com',
  'graph.microsoft.com',
  'login.microsoftonline.com',
  'api.anthropic.com',
  'api.loganalytics.io',
  '*.vault.azure.net',
  '*.azurecr.io',
  '*.blob.core.windows.net',
  '*.queue.core.windows.net',
  '*.table.core.windows.net',
  '*.servicebus.windows.net',
  '*.cognitiveservices.azure.com',
  '*.openai.azure.com',
  '*.azurewebsites.net',
  '*.azurestaticapps.net',
  '*.azure-api.net',
  '*.eastus.azurecontainerapps.io',
  '*.z01.azurefd.net',
  '*.z13.web.core.windows.net',
  'localhost',
  '127.0.0.1',
];

const VALID_DAYS = 90;
const RENEW_BEFORE_MS = 24 * 3_600_000;

/** A private certificate authority and one certificate for all our hosts, PEM. */
export interface Pki {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** Files of the same content, for NODE_EXTRA_CA_CERTS and for Azurite. */
  readonly caPath: string;
  readonly certPath: string;
  readonly keyPath: string;
}

/** Reads the certificates from `workDir`/pki, or makes them when there are none, or when they are about to expire. */
export async function loadPki(workDir: string): Promise<Pki> {
  const folder = join(workDir, 'pki');
  const version = createHash('sha256').update(DOMAINS.join()).digest('hex').slice(0, 8);
  const file = (kind: string) => join(folder, `${kind}-${version}.pem`);
  const paths = { caPath: file('ca'), certPath: file('cert'), keyPath: file('key') };
  if (!usable(paths.certPath)) await make(folder, paths);
  return {
    ...paths,
    ca: readFileSync(paths.caPath, 'utf8'),
    cert: readFileSync(paths.certPath, 'utf8'),
    key: readFileSync(paths.keyPath, 'utf8'),
  };
}

function usable(certPath: string): boolean {
  if (!existsSync(certPath)) return false;
  const end = Date.parse(new X509Certificate(readFileSync(certPath)).validTo);
  return end > Date.now() + RENEW_BEFORE_MS;
}

async function make(
  folder: string,
  paths: { caPath: string; certPath: string; keyPath: string },
): Promise<void> {
  const ca = await createCA({
    organization: 'HayMaker local stand-in',
    countryCode: 'DE',
    state: 'none',
    locality: 'none',
    validity: VALID_DAYS,
  });
  const leaf = await createCert({ ca, validity: VALID_DAYS, domains: DOMAINS });
  mkdirSync(folder, { recursive: true });
  writeFileSync(paths.keyPath, leaf.key, { mode: 0o600 });
  writeFileSync(paths.caPath, ca.cert);
  writeFileSync(paths.certPath, leaf.cert);
}
