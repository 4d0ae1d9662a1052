import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFile, replaceFolder } from '../../local/stack/replaceFolder.ts';

let root: string;
const at = (...parts: string[]) => path.join(root, ...parts);
const write = (file: string, text: string) => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
};
const inode = (file: string) => statSync(file).ino;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'haymaker-replace-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('a folder that is replaced', () => {
  it('holds the new files, keeps what is the same untouched, and loses what is not there any more', async () => {
    write(at('old', 'same.js'), 'same');
    write(at('old', 'index.js'), 'before');
    write(at('old', 'page', 'gone.js'), 'gone');
    const kept = inode(at('old', 'same.js'));
    write(at('new', 'same.js'), 'same');
    write(at('new', 'index.js'), 'after');
    write(at('new', 'page', 'part.js'), 'part');
    await replaceFolder(at('new'), at('old'), ['index.js']);
    expect(readFileSync(at('old', 'index.js'), 'utf8')).toBe('after');
    expect(readdirSync(at('old', 'page'))).toEqual(['part.js']);
    expect(inode(at('old', 'same.js'))).toBe(kept);
    expect(readdirSync(root)).toEqual(['old']);
  });

  it('never lacks a file that the one put in place last needs', async () => {
    write(at('old', 'index.js'), 'a');
    write(at('old', 'a'), 'a');
    for (const name of ['b', 'c', 'd']) {
      write(at('new', 'index.js'), name);
      write(at('new', name), name);
      const watching = new AbortController();
      const missing = watch(watching.signal);
      await replaceFolder(at('new'), at('old'), ['index.js']);
      watching.abort();
      expect(await missing).toEqual([]);
    }
  });

  /** What index.js named and was not there, looked at again and again. */
  async function watch(signal: AbortSignal): Promise<string[]> {
    const missing: string[] = [];
    while (!signal.aborted) {
      const before = readFileSync(at('old', 'index.js'), 'utf8');
      if (!readdirSync(at('old')).includes(before)) missing.push(before);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return missing;
  }
});

describe('a file that is replaced', () => {
  it('is made with its folder and its mode, and not touched when it is the same', async () => {
    const file = at('dist', 'tool.mjs');
    await replaceFile(file, Buffer.from('one'), 0o755);
    expect(statSync(file).mode & 0o777).toBe(0o755);
    const before = inode(file);
    await replaceFile(file, Buffer.from('one'), 0o755);
    expect(inode(file)).toBe(before);
    await replaceFile(file, Buffer.from('two'), 0o755);
    expect(readFileSync(file, 'utf8')).toBe('two');
    expect(readdirSync(at('dist'))).toEqual(['tool.mjs']);
  });
});
