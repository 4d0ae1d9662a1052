import { parseArgs } from 'node:util';
import { startHost } from './host.ts';
import { HostError } from './host-error.ts';
import { keepProxiedConnections } from './keep-alive.ts';
import type { LogLevel } from './log.ts';
import { LOG_LEVELS, parseLogLevel } from './log.ts';
import { table } from './roster.ts';

const USAGE =
  'Usage: node local/host/main.ts --app <dir> [--port 7071] [--state <dir>] [--no-timers] [--json-log] [--log-level warning]';

/** A handler that never returns must not keep the process alive beyond this. */
const STOP_LIMIT_MS = 4_500;

function readArguments() {
  const { values } = parseArgs({
    options: {
      app: { type: 'string', default: '.' },
      port: { type: 'string', default: '7071' },
      state: { type: 'string', default: '.haymaker/host' },
      'no-timers': { type: 'boolean', default: false },
      'json-log': { type: 'boolean', default: false },
      'log-level': { type: 'string', default: 'warning' },
    },
  });
  return values;
}

/**
 * The Service Bus SDK names the server by its IP address in TLS when SERVICE_BUS_ENDPOINT is one. Node warns about it
 * (DEP0123); neither the app nor its developer can do anything about that.
 */
function ignoreServerNameWarning(): void {
  process.emitWarning = new Proxy(process.emitWarning, {
    apply: (target, self, args) => (args.includes('DEP0123') ? undefined : Reflect.apply(target, self, args)),
  });
}

async function main(): Promise<void> {
  ignoreServerNameWarning();
  keepProxiedConnections();
  const values = readArguments();
  const host = await startHost({
    appDir: values.app,
    port: readPort(values.port),
    stateDir: values.state,
    timers: !values['no-timers'],
    logLevel: readLevel(values['log-level']),
  });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(0), STOP_LIMIT_MS).unref();
    host.stop().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  console.log(table(host.functions));
  console.log(`Host ready on ${host.url} (${host.functions.length} functions)`);
  if (values['json-log']) {
    console.log(JSON.stringify({ ready: true, url: host.url, functions: host.functions.length }));
  }
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new HostError(`--port: "${text}" is not a port. Give a number from 0 to 65535.`);
}

function readLevel(text: string): LogLevel {
  const level = parseLogLevel(text);
  if (level) return level;
  throw new HostError(`--log-level: "${text}" is not one of ${LOG_LEVELS.join(', ')}.`);
}

function fail(error: unknown): void {
  if (error instanceof HostError) {
    console.error(error.message);
    process.exit(error.exitCode);
  }
  console.error(error instanceof TypeError && 'code' in error ? `${error.message}\n${USAGE}` : error);
  process.exit(1);
}

main().catch(fail);
