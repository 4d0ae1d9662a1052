import type { Command } from 'commander';
import { type Client, createClient } from './http/client.ts';
import { createOutput, type Format, type Output } from './output/output.ts';
import { configPath, readConfigFile } from './settings/file.ts';
import { type Connection, resolveConnection } from './settings/profile.ts';

/** What the command is given of the machine it runs on. */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  /** From now on Ctrl-C aborts the signal instead of ending the process; a second one ends it. */
  readonly catchInterrupt: () => AbortSignal;
}

export interface GlobalOptions {
  readonly profile?: string;
  readonly endpoint?: string;
  readonly format: Format;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** One call of the command: whom it talks to and where it writes. */
export interface Session {
  readonly world: World;
  readonly globals: GlobalOptions;
  readonly out: Output;
  readonly now: () => number;
  /** Whom to talk to; throws CommandFailure (usage) when that is not set. */
  connection(): Connection;
  /** The API, signed in; repeats what may be repeated, and says so unless `quiet`. */
  client(options?: { readonly quiet?: boolean }): Client;
}

/** The options of a command with those of its parents, without what the caller did not give. */
export function optionsOf<T extends object>(command: Command): T & GlobalOptions {
  return command.optsWithGlobals<T & GlobalOptions>();
}

export function createSession(world: World, globals: GlobalOptions): Session {
  const out = createOutput(globals.json ? 'json' : globals.format, world, world.env);
  const connection = () => resolveConnection(globals, world.env, readConfigFile(configPath(world.home)));
  return {
    world,
    globals,
    out,
    now: Date.now,
    connection,
    client: ({ quiet = false } = {}) => createClient(connection(), quiet ? {} : { onRetry: out.say }),
  };
}
