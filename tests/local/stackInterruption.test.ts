import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { REPOSITORY } from '../../local/stack/paths.ts';

const MODULE = JSON.stringify(path.join(REPOSITORY, 'local', 'stack', 'interruption.ts'));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'haymaker-interruption-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A process that says when it is up and ends with what interrupts it, after `before`. */
function waiting(before = '') {
  const script = path.join(folder, 'waiting.ts');
  writeFileSync(
    script,
    `import { interruption } from ${MODULE};
     setInterval(() => {}, 1000);
     ${before}
     const { happened } = interruption();
     console.log('up');
     happened.catch((error) => process.exit(error.exitCode));`,
  );
  return spawn(process.execPath, ['--no-warnings', script], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
}

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends with exit code %d', async (signal, expected) => {
  const child = waiting();
  if (child.stdout) await once(child.stdout, 'data');
  child.kill(signal);
  expect((await once(child, 'exit'))[0]).toBe(expected);
});

it('notices the end of the process that started it', async () => {
  const child = waiting();
  if (child.stdout) await once(child.stdout, 'data');
  child.disconnect();
  expect((await once(child, 'exit'))[0]).toBe(1);
});

it('notices that the process that started it had gone before anybody listened', async () => {
  const child = waiting('while (process.connected) await new Promise((done) => setTimeout(done, 10));');
  child.disconnect();
  expect((await once(child, 'exit'))[0]).toBe(1);
});
