import { spawn } from 'node:child_process';
import process from 'node:process';

/** Runs `func` with our arguments in our process group, and takes the whole group along when it leaves. */
const func = spawn('func', process.argv.slice(2), {
  stdio: ['ignore', 'inherit', 'inherit'],
  shell: process.platform === 'win32',
});
process.on('SIGTERM', () => func.kill('SIGTERM'));
process.on('exit', () => {
  // Core Tools start a worker process that outlives them when they are killed.
  if (process.platform !== 'win32') process.kill(-process.pid, 'SIGKILL');
});
func.on('error', (error) => {
  console.error(`func could not be started: ${error.message}`);
  process.exit(1);
});
func.on('exit', (code) => process.exit(code ?? 1));
