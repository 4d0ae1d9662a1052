import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HostError, member, reasonOf } from './host-error.ts';

/** What host.json says, reduced to what this host acts on. */
export interface HostSettings {
  readonly routePrefix: string;
  readonly hubName: string;
  /** Version of new orchestrations (host.json `defaultVersion`); "" when none is set. */
  readonly defaultVersion: string;
  readonly maxConcurrentActivities: number;
  readonly serviceBus: BusSettings;
}

/** extensions.serviceBus of host.json; the defaults are the extension's (5.x). */
export interface BusSettings {
  /** For cardinality "many": batches come one after another. */
  readonly maxMessageBatchSize: number;
  /** For cardinality "one". */
  readonly maxConcurrentCalls: number;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Parsed JSON of a file; undefined when there is no such file. Throws a HostError that names the file. */
export function readJson(file: string): unknown {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new HostError(`${file} is not valid JSON: ${reasonOf(error)}. Correct it.`, { cause: error });
  }
}

/** Reads host.json. Throws a HostError when it is missing: Azure does not start without it either. */
export function readHostSettings(appDir: string): HostSettings {
  const file = join(appDir, 'host.json');
  const json = readJson(file);
  if (json === undefined) {
    throw new HostError(
      `${file} does not exist. Point --app at the folder that has host.json and package.json.`,
    );
  }
  const extensions = member(json, 'extensions');
  const durable = member(extensions, 'durableTask');
  return {
    routePrefix: text(member(member(extensions, 'http'), 'routePrefix'), 'api'),
    hubName: text(member(durable, 'hubName'), 'TestHubName'),
    defaultVersion: text(member(durable, 'defaultVersion'), ''),
    maxConcurrentActivities: count(member(durable, 'maxConcurrentActivityFunctions'), 10),
    serviceBus: busSettings(member(extensions, 'serviceBus'), file),
  };
}

function busSettings(json: unknown, file: string): BusSettings {
  const least = count(member(json, 'minMessageBatchSize'), 1);
  if (least > 1) {
    throw new HostError(
      `${file}: serviceBus.minMessageBatchSize is ${least}. The local host does not wait for batches: set 1.`,
    );
  }
  return {
    maxMessageBatchSize: count(member(json, 'maxMessageBatchSize'), 1_000),
    maxConcurrentCalls: count(member(json, 'maxConcurrentCalls'), 16),
  };
}

/** The `Values` of local.settings.json, for names that the environment does not set already. */
export function localSettings(appDir: string, environment: Environment): Record<string, string> {
  const values = member(readJson(join(appDir, 'local.settings.json')), 'Values');
  if (typeof values !== 'object' || values === null) return {};
  return Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => environment[name] === undefined)
      .map(([name, value]) => [name, String(value)]),
  );
}

/** Replaces %NAME% by the setting of that name. Throws a HostError that names the function and the missing setting. */
export function resolveSetting(value: string, environment: Environment, where: string): string {
  return value.replace(/%([^%]+)%/g, (_, name: string) => {
    const found = environment[name];
    if (found === undefined || found === '') {
      throw new HostError(
        `${where}: the setting ${name} is not set. Set it in the environment or local.settings.json.`,
      );
    }
    return found;
  });
}

/** Whether AzureWebJobs.<name>.Disabled (or its form with underscores) switches the function off. */
export function isDisabled(name: string, environment: Environment): boolean {
  const value = environment[`AzureWebJobs.${name}.Disabled`] ?? environment[`AzureWebJobs_${name}_Disabled`];
  return value === '1' || value?.toLowerCase() === 'true';
}

function count(value: unknown, fallback: number): number {
  return typeof value === 'number' && value > 0 ? value : fallback;
}

function text(value: unknown, fallback: string): string {
  return typeof value === 'string' ? value : fallback;
}
