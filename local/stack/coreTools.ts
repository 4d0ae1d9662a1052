import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { startAzurite } from './azurite.ts';
import { CommandError } from './command.ts';
import { isExecutable } from './executable.ts';
import type { Fleet } from './fleet.ts';
import { type FunctionsHost, type HostOptions, servedFunctions } from './functionsHost.ts';

/** The well-known key of Azurite's development account. */
const DEVELOPMENT_KEY =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
/** Where Core Tools fetch the extension bundle; the stand-in's proxy would refuse it. */
const BUNDLE_HOSTS = 'cdn.functions.azure.com,functionscdn.azureedge.net';

/**
 * Starts `func start` of Azure Functions Core Tools in the repository, with a task hub in an Azurite of its own (Core
 * Tools want the development account over plain http). Its Service Bus listener speaks to the real cloud only, so agent
 * events are not ingested; the outcome of a run does not depend on them.
 * Throws CommandError when func is not on the PATH.
 */
export async function startCoreTools(
  fleet: Fleet,
  options: Omit<HostOptions, 'state'>,
): Promise<FunctionsHost> {
  requireOnPath('func');
  const ports = await startAzurite(fleet, options.logs);
  const { child, value } = await fleet.start(
    {
      name: 'host',
      args: [
        fileURLToPath(new URL('./coreToolsRunner.ts', import.meta.url)),
        ...['start', '--no-build', '--port', String(options.port)],
      ],
      env: {
        ...options.settings,
        NO_PROXY: `${options.settings.NO_PROXY ?? ''},${BUNDLE_HOSTS}`,
        FUNCTIONS_WORKER_RUNTIME: 'node',
        AzureWebJobsStorage: developmentStorage(ports),
        'AzureWebJobs.ingest_agent_events.Disabled': 'true',
      },
      logs: options.logs,
      advice: 'This is Azure Functions Core Tools; without --host func the host in local/host is used.',
    },
    (_, signal) => servedFunctions(`http://127.0.0.1:${options.port}`, signal),
  );
  return { child, functions: value };
}

function developmentStorage(ports: Record<'blob' | 'queue' | 'table', number>): string {
  const account = 'devstoreaccount1';
  const endpoints = Object.entries(ports).map(
    ([service, port]) =>
      `${service[0]?.toUpperCase()}${service.slice(1)}Endpoint=http://127.0.0.1:${port}/${account}`,
  );
  return [
    `DefaultEndpointsProtocol=http;AccountName=${account};AccountKey=${DEVELOPMENT_KEY}`,
    ...endpoints,
  ].join(';');
}

function requireOnPath(name: string): void {
  const names = process.platform === 'win32' ? [`${name}.cmd`, `${name}.exe`] : [name];
  const folders = (process.env.PATH ?? '').split(path.delimiter);
  const found = folders.some((folder) => names.some((file) => isExecutable(path.join(folder, file))));
  if (!found) {
    throw new CommandError(
      `--host func needs Azure Functions Core Tools 4, and "${name}" is not on the PATH. Install them (https://aka.ms/azfunc-install), or leave --host out.`,
    );
  }
}
