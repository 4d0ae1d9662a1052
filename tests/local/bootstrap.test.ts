import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { REPOSITORY } from '../../local/stack/paths.ts';

const LOCK = JSON.stringify({
  lockfileVersion: 3,
  packages: { '': {}, 'node_modules/a': { version: '1.0.0' } },
});
let clone: string;

beforeEach(() => {
  clone = mkdtempSync(path.join(tmpdir(), 'haymaker-clone-'));
  for (const folder of ['local', 'bin']) mkdirSync(path.join(clone, folder));
  copyFileSync(path.join(REPOSITORY, 'local', 'bootstrap.mjs'), path.join(clone, 'local', 'bootstrap.mjs'));
  writeFileSync(path.join(clone, 'package-lock.json'), LOCK);
  writeFileSync(path.join(clone, 'local', 'build.ts'), 'console.log("built", ...process.argv.slice(2));');
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

/** An npm on the PATH that does what the script says; it runs in the clone. */
function pretendNpm(script: string): void {
  const npm = path.join(clone, 'bin', 'npm');
  writeFileSync(npm, `#!/bin/sh\n${script}\n`);
  chmodSync(npm, 0o755);
}

const INSTALLS = `mkdir -p node_modules/node/bin && ln -sf ${process.execPath} node_modules/node/bin/node && echo noise`;

function bootstrap(...args: string[]) {
  const { PATH = '' } = process.env;
  const result = spawnSync(process.execPath, ['local/bootstrap.mjs', ...args], {
    cwd: clone,
    env: { PATH: `${path.join(clone, 'bin')}:${PATH}` },
    encoding: 'utf8',
  });
  return { ...result, said: result.stderr + result.stdout };
}

describe('bootstrap', () => {
  it('installs once, says so without the noise of npm, and passes arguments and exit code on', () => {
    pretendNpm(INSTALLS);
    const first = bootstrap('build', '--json');
    expect(first.said).toMatch(/npm ci \(first start in this folder\)[\s\S]*Installed in \d+ s/);
    expect(first.stdout).toBe('built --json\n');
    expect(first.said).not.toMatch(/noise/);
    expect(bootstrap('build').said).toBe('built\n');
    writeFileSync(path.join(clone, 'local', 'build.ts'), 'process.exitCode = 3;');
    expect(bootstrap('build').status).toBe(3);
  });

  it('installs again when package-lock.json has changed', () => {
    pretendNpm(INSTALLS);
    bootstrap('build');
    writeFileSync(path.join(clone, 'package-lock.json'), LOCK.replace('1.0.0', '1.0.1'));
    expect(bootstrap('build').said).toMatch(/package-lock.json has changed/);
  });

  it('does not install again what somebody installed with npm', () => {
    pretendNpm('echo called; exit 1');
    mkdirSync(path.join(clone, 'node_modules', 'node', 'bin'), { recursive: true });
    symlinkSync(process.execPath, path.join(clone, 'node_modules', 'node', 'bin', 'node'));
    writeFileSync(path.join(clone, 'node_modules', '.package-lock.json'), LOCK);
    expect(bootstrap('build').said).toBe('built\n');
    const stamp = readFileSync(path.join(clone, 'node_modules', '.haymaker-lock'), 'utf8');
    expect(stamp).toBe(createHash('sha256').update(LOCK).digest('hex'));
  });

  it.each([
    ['npm error network request failed, ENOTFOUND registry', /registry was not reached/],
    ['npm error code ENOSPC', /disk is full/],
    ['npm error code EUSAGE', /package-lock.json disagree/],
    ['npm error something else', /What npm said is above/],
  ])('shows what npm said when it fails, and what to do: %s', (said, advice) => {
    pretendNpm(`echo "${said}" >&2; exit 1`);
    const result = bootstrap('build');
    expect(result.status).toBe(1);
    expect(result.said).toContain(said);
    expect(result.said).toMatch(advice);
    expect(existsSync(path.join(clone, 'node_modules', '.haymaker-lock'))).toBe(false);
  });

  it('says what is missing: npm, Node 22, a known command', () => {
    const result = spawnSync(process.execPath, ['local/bootstrap.mjs', 'build'], {
      cwd: clone,
      env: { PATH: '/nowhere' },
      encoding: 'utf8',
    });
    expect(result.stderr).toMatch(/npm was not found/);
    pretendNpm('mkdir -p node_modules');
    expect(bootstrap('build').said).toMatch(/Node 22 is not at[\s\S]*npm rebuild node/);
    const unknown = bootstrap('deploy');
    expect(unknown.status).toBe(2);
    expect(unknown.said).toMatch(/usage: .*start/);
  });
});
