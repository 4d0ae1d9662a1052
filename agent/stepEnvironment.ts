import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AgentSettings, givenVariables } from './settings.ts';

/** What steps need of the container's own environment: where programs are, and the way to the network. */
const PASSED_ON = [
  'PATH',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'HTTPS_PROXY',
  'HTTP_PROXY',
  'http_proxy',
  'NO_PROXY',
  'NODE_USE_ENV_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'SSL_CERT_FILE',
];

/**
 * The environment of every step and repair: a list of what is in it, not of what is taken out, so that no secret and no
 * managed identity reaches a script. HOME and the CLI's configuration are in a folder of their own.
 */
export async function stepEnvironment(
  settings: AgentSettings,
  own: Readonly<Record<string, string | undefined>>,
): Promise<Record<string, string>> {
  const home = await mkdtemp(join(tmpdir(), 'agent-'));
  const passedOn = PASSED_ON.flatMap((name) => {
    const value = own[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    ...Object.fromEntries(passedOn),
    HOME: home,
    AZURE_CONFIG_DIR: join(home, '.azure'),
    AZURE_CORE_COLLECT_TELEMETRY: 'false',
    AZURE_CORE_NO_COLOR: 'true',
    AZURE_CORE_ONLY_SHOW_ERRORS: 'true',
    AZURE_CORE_ERROR_RECOMMENDATION: 'off',
    AZURE_EXTENSION_USE_DYNAMIC_INSTALL: 'yes_without_prompt',
    ...givenVariables(settings),
  };
}
