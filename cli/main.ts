import { homedir } from 'node:os';
import process from 'node:process';
import { EXIT } from './exit.ts';
import { runCommandLine } from './run.ts';

// `haymaker logs | head` closes the pipe when it has enough; that is no fault.
process.stdout.on('error', (error) => {
  if ('code' in error && error.code === 'EPIPE') process.exit(EXIT.done);
  throw error;
});

process.exitCode = await runCommandLine(
  {
    env: process.env,
    home: process.env.HOME || homedir(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    catchInterrupt: () => {
      const controller = new AbortController();
      process.once('SIGINT', () => controller.abort());
      return controller.signal;
    },
  },
  process.argv.slice(2),
);
