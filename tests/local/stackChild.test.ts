import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Child } from '../../local/stack/child.ts';
import { createFleet, type Fleet } from '../../local/stack/fleet.ts';
import { freePort, requirePort } from '../../local/stack/ports.ts';

let folder: string;
let fleet: Fleet;

beforeEach(() => {
  fleet = createFleet(() => {});
  folder = mkdtempSync(path.join(tmpdir(), 'haymaker-child-'));
});
afterEach(async () => {
  await fleet.stop();
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

describe('a fleet', () => {
  it('resolves with what the child said, keeps its output, and passes on only the given environment', async () => {
    vi.stubEnv('AZURE_CLIENT_SECRET', 'must-not-leak');
    const { child, value } = await fleet.start(
      spec(
        'console.log(process.env.GREETING, process.env.AZURE_CLIENT_SECRET); setInterval(() => {}, 1000);',
      ),
      firstLine,
    );
    expect(value).toBe('hello undefined');
    await child.stop();
    expect(readFileSync(path.join(folder, 'thing.log'), 'utf8')).toBe('hello undefined\n');
    expect(isAlive(child.pid)).toBe(false);
    vi.unstubAllEnvs();
  });

  it('tells the story of a child that dies early: exit code, last lines, advice', async () => {
    const dies = fleet.start(
      spec('console.error("the disk is on fire"); process.exit(7);'),
      () => new Promise(() => {}),
    );
    await expect(dies).rejects.toThrow(
      /thing ended with exit code 7[\s\S]*thing\.log[\s\S]*the disk is on fire[\s\S]*Do this\./,
    );
  });

  it('stops a child that ignores SIGTERM', { timeout: 15_000 }, async () => {
    const { child } = await fleet.start(
      spec('process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000);'),
      firstLine,
    );
    await child.stop();
    expect(await child.ended).toBe('was ended by SIGKILL');
  });

  it('reports a child that ends by itself, and no other', async () => {
    const lost: string[] = [];
    fleet = createFleet((error) => lost.push(error.message));
    const up = 'console.log("up"); setInterval(() => {}, 1000);';
    const killed = await fleet.start(spec(up), firstLine);
    await fleet.kill9(killed.child);
    const stays = await fleet.start(spec(up), firstLine);
    process.kill(stays.child.pid, 'SIGKILL');
    await vi.waitFor(() => expect(lost).toHaveLength(1));
    expect(lost[0]).toMatch(/thing was ended by SIGKILL/);
  });

  it('stops a child that is still starting', async () => {
    const starting = fleet.start(spec('setInterval(() => {}, 1000);'), () => new Promise(() => {}));
    const refused = expect(starting).rejects.toThrow(/was ended by SIGTERM/);
    await fleet.stop();
    await refused;
    await expect(fleet.start(spec('console.log("late");'), firstLine)).rejects.toThrow(/being stopped/);
  });

  it('leaves no orphan when the parent is killed outright', async () => {
    const grandchild = spec('console.log("up"); setInterval(() => {}, 1000);');
    const parentScript = path.join(folder, 'parent.ts');
    writeFileSync(
      parentScript,
      `import { createFleet } from ${JSON.stringify(path.resolve('local/stack/fleet.ts'))};
       const { child } = await createFleet(() => {}).start(${JSON.stringify(grandchild)}, (c) => new Promise((done) => c.onLine(done)));
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
