import type { Command } from 'commander';
import { createSession, optionsOf, type Session, type World } from './session.ts';

/**
 * Gives a command its work. `run` receives the session, the options (those of commander, under their camel-case names)
 * and the arguments; what it throws ends the command.
 */
export type Register = <Options extends object>(
  command: Command,
  run: (session: Session, options: Options, ...args: string[]) => Promise<void> | void,
) => void;

export function registerIn(world: World): Register {
  return (command, run) => {
    command.action(async () => {
      const options = optionsOf<Parameters<typeof run>[1]>(command);
      await run(createSession(world, options), options, ...command.args);
    });
  };
}
