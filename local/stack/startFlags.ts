import { DurationSeconds } from '../../src/domain/durationSchema.ts';
import { SimulationSize } from '../../src/domain/run.ts';
import type { CommandError } from './command.ts';
import { DEFAULT_PORT, DEMO_DURATION, DEMO_SEED, REAL_DEMO_DURATION } from './demo.ts';
import { parseFlags, parsePort, usageError } from './flags.ts';

const COMMAND = 'npm start';
const FLAGS = {
  json: { type: 'boolean', about: 'end with one JSON line' },
  port: { type: 'string', about: `port of the host on 127.0.0.1 (${DEFAULT_PORT})` },
  seed: { type: 'string', about: `which scenarios, and how the agents end (${DEMO_SEED})` },
  size: { type: 'string', about: 'small, medium or large: 5, 15 or 30 agents (small)' },
  duration: {
    type: 'string',
    about: `how long the agents may work, ISO 8601 (${DEMO_DURATION}; real agents ${REAL_DEMO_DURATION})`,
  },
  host: { type: 'string', about: 'func: Azure Functions Core Tools from the PATH; local (default)' },
  agents: {
    type: 'string',
    about: 'real: the agents perform their scenarios; scripted: they misbehave (default)',
  },
  'real-az': { type: 'boolean', about: 'real agents that use the Azure CLI of this machine' },
  keep: { type: 'boolean', about: 'keep everything up after the run, until Ctrl-C' },
} as const;

export interface StartFlags {
  readonly json: boolean;
  readonly keep: boolean;
  readonly port: number;
  readonly seed: string;
  readonly size: SimulationSize;
  readonly duration: string;
  readonly durationSeconds: number;
  readonly hostKind: 'local' | 'func';
  readonly agents: 'real' | 'scripted';
  readonly realAz: boolean;
}

/** Reads the flags of `npm start`. Throws CommandError (exit code 2) that names the flag and what it takes. */
export function parseStartFlags(args?: readonly string[]): StartFlags {
  const flags = parseFlags(COMMAND, FLAGS, args);
  const size = SimulationSize.safeParse(flags.size ?? 'small');
  if (!size.success) throw wrong(`--size: expected small, medium or large, got "${flags.size}"`);
  const realAz = flags['real-az'];
  const agents = flags.agents ?? (realAz ? 'real' : 'scripted');
  if (realAz && agents !== 'real') throw wrong('--real-az: scripted agents use no az; leave --agents out');
  if (agents !== 'real' && agents !== 'scripted') {
    throw wrong(`--agents: expected real or scripted, got "${agents}"`);
  }
  const duration = flags.duration ?? (agents === 'real' ? REAL_DEMO_DURATION : DEMO_DURATION);
  const seconds = DurationSeconds.safeParse(duration);
  if (!seconds.success) throw wrong(`--duration: expected such as PT1M or PT90S, got "${duration}"`);
  const host = flags.host ?? 'local';
  if (host !== 'local' && host !== 'func') throw wrong(`--host: expected func or local, got "${host}"`);
  return {
    json: flags.json,
    keep: flags.keep,
    port: parsePort(COMMAND, FLAGS, flags.port),
    seed: flags.seed ?? DEMO_SEED,
    size: size.data,
    duration,
    durationSeconds: seconds.data,
    hostKind: host,
    agents,
    realAz,
  };
}

function wrong(why: string): CommandError {
  return usageError(COMMAND, FLAGS, why);
}
