import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundlePage, type PageBundle } from '../../local/stack/bundlePage.ts';
import { REPOSITORY } from '../../local/stack/paths.ts';

const MOST_BYTES = 150_000;

let root: string;
let built: PageBundle;
const page = () => path.join(root, 'dist', 'page');
const manifest = () => JSON.parse(readFileSync(path.join(page(), 'manifest.json'), 'utf8'));

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'haymaker-page-'));
  for (const folder of ['web', 'src', 'node_modules', 'tsconfig.json']) {
    symlinkSync(path.join(REPOSITORY, folder), path.join(root, folder));
  }
  built = await bundlePage(root, page());
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the built page', () => {
  it('is small: everything that it may ever load is less than a first visit may be', () => {
    expect(built.firstLoad.gzip).toBeGreaterThan(10_000);
    expect(built.allGzip).toBeLessThan(MOST_BYTES);
    expect(built.firstLoad.gzip).toBeLessThan(built.allGzip);
    expect(built.firstLoad.brotli).toBeLessThan(built.firstLoad.gzip);
  });

  it('has each file in its manifest, with compressed twins of the same content', () => {
    const { script, style, preload, files } = manifest();
    for (const name of [script, style, ...preload]) expect(Object.keys(files)).toContain(name);
    const names = Object.keys(files).flatMap((name) => [name, `${name}.br`, `${name}.gz`]);
    expect(readdirSync(page()).sort()).toEqual([...names, 'manifest.json'].sort());
    for (const name of Object.keys(files)) {
      const read = (suffix: string) => readFileSync(path.join(page(), name + suffix));
      expect(brotliDecompressSync(read('.br')).equals(read(''))).toBe(true);
      expect(gunzipSync(read('.gz')).equals(read(''))).toBe(true);
      expect(statSync(path.join(page(), name)).size).toBeGreaterThan(0);
    }
  });

  it('names no other address: nothing is loaded from anywhere else', () => {
    const { script, files } = manifest();
    const code = Object.keys(files)
      .filter((name) => name.endsWith('.js'))
      .map((name) => readFileSync(path.join(page(), name), 'utf8'))
      .join('\n');
    const addresses = [...code.matchAll(/https?:\/\/[\w.-]+/g)].map(([address]) => address);
    // Names of XML, which nobody loads.
    expect(addresses.filter((address) => address !== 'http://www.w3.org')).toEqual([]);
    expect(code).not.toMatch(/\beval\(|new Function\(/);
    expect(script).toMatch(/^main-[A-Z0-9]{8}\.js$/);
  });
});
