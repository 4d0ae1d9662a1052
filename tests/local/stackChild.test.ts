import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Child, startChild } from '../../local/stack/child.ts';
import { freePort, requirePort } from '../../local/stack/ports.ts';

let folder: string;
const started: Child[] = [];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'haymaker-child-'));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((child) => child.kill9()));
  rmSync(folder, { recursive: true, force: true });
});

function spec(code: string) {
  const script = path.join(folder, 'child.mjs');
  writeFileSync(script, code);
  return { name: 'thing', args: [script], env: { GREETING: 'hello' }, logs: folder, advice: 'Do this.' };
}

const firstLine = (child: Child) => new Promise<string>((resolve) => child.onLine(resolve));

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toBe('ESRCH');
    return false;
  }
}

describe('startChild', () => {
  it('resolves with what the child said, keeps its output, and passes on only the given environment', async () => {
    vi.stubEnv('AZURE_CLIENT_SECRET', 'must-not-leak');
    const { child, value } = await startChild(
      spec(
        'console.log(process.env.GREETING, process.env.AZURE_CLIENT_SECRET); setInterval(() => {}, 1000);',
      ),
      firstLine,
    );
    started.push(child);
    expect(value).toBe('hello undefined');
    await child.stop();
    expect(readFileSync(path.join(folder, 'thing.log'), 'utf8')).toBe('hello undefined\n');
    expect(isAlive(child.pid)).toBe(false);
    vi.unstubAllEnvs();
  });

  it('tells the story of a child that dies early: exit code, last lines, advice', async () => {
    const dies = startChild(
      spec('console.error("the disk is on fire"); process.exit(7);'),
      () => new Promise(() => {}),
    );
    await expect(dies).rejects.toThrow(
      /thing ended with exit code 7[\s\S]*thing\.log[\s\S]*the disk is on fire[\s\S]*Do this\./,
    );
  });

  it('stops a child that ignores SIGTERM', { timeout: 15_000 }, async () => {
    const { child } = await startChild(
      spec('process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000);'),
      firstLine,
    );
    await child.stop();
    expect(await child.ended).toBe('was ended by SIGKILL');
  });

  it('leaves no orphan when the parent is killed outright', async () => {
    const grandchild = spec('console.log("up"); setInterval(() => {}, 1000);');
    const parentScript = path.join(folder, 'parent.ts');
    writeFileSync(
      parentScript,
      `import { startChild } from ${JSON.stringify(path.resolve('local/stack/child.ts'))};
       const { child } = await startChild(${JSON.stringify(grandchild)}, (c) => new Promise((done) => c.onLine(done)));
       console.log(child.pid);`,
    );
    const parent = spawn(process.execPath, ['--no-warnings', parentScript], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = await once(parent.stdout, 'data');
    const pid = Number(String(said));
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000 });
  });
});

describe('ports', () => {
  it('gives a free port and names a taken one with the way out', async () => {
    const port = await freePort();
    await requirePort(port);
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    await expect(requirePort(port)).rejects.toThrow(new RegExp(`Port ${port} .*in use.*--port ${port + 1}`));
    server.close();
  });
});
