import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { ensureError } from '../../src/domain/errors.ts';
import { STYLE as VIEW_STYLE } from '../../src/view/style.ts';
import { CommandError } from './command.ts';

/** Browsers that have what the page uses: modules, dialog, container queries, light-dark(). */
const BROWSERS = ['chrome123', 'edge123', 'firefox120', 'safari17.5'];
const PAGE_STYLE = 'style.css';
const ENTRY = 'main.tsx';

export interface PageBundle {
  readonly files: number;
  /** What a first visit loads (script, its static imports, style), compressed by gzip and by brotli. */
  readonly firstLoad: { readonly gzip: number; readonly brotli: number };
  /** Everything that the page may ever load, gzip. */
  readonly allGzip: number;
}

/**
 * Bundles web/ of the clone at `root` into the new folder `folder`: modules with hashed names, one style sheet, the
 * compressed twin of each, and manifest.json, which is all that the app serves. Throws CommandError that says where the
 * sources do not bundle.
 */
export async function bundlePage(root: string, folder: string): Promise<PageBundle> {
  const source = path.join(root, 'web');
  await mkdir(folder, { recursive: true });
  const result = await build({
    absWorkingDir: root,
    entryPoints: [path.join(source, ENTRY)],
    // Names have a hash in them, which must not depend on where the files are put first.
    outdir: path.join(root, 'dist', 'page'),
    write: false,
    entryNames: '[name]-[hash]',
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'browser',
    target: BROWSERS,
    minify: true,
    legalComments: 'none',
    define: { 'process.env.NODE_ENV': '"production"' },
    metafile: true,
    logLevel: 'silent',
  }).catch((error: unknown) => {
    throw new CommandError(`The page does not bundle: ${ensureError(error).message}`, 1, { cause: error });
  });
  for (const file of result.outputFiles)
    await writeFile(path.join(folder, path.basename(file.path)), file.contents);
  const style = await writeStyle(source, folder);
  const outputs = Object.entries(result.metafile.outputs).map(([file, output]) => ({
    name: path.basename(file),
    isEntry: output.entryPoint?.endsWith(ENTRY) ?? false,
    imports: output.imports
      .filter(({ kind }) => kind === 'import-statement')
      .map((one) => path.basename(one.path)),
  }));
  const entry = outputs.find(({ isEntry }) => isEntry);
  if (!entry) throw new CommandError(`The page does not bundle: there is no web/${ENTRY}.`);
  const preload = reachable(
    entry.name,
    new Map(outputs.map(({ name, imports }) => [name, imports] as const)),
  );

  const files: Record<string, { type: string; encodings: readonly string[] }> = {};
  const sizes = new Map<string, { gzip: number; brotli: number }>();
  for (const name of (await readdir(folder)).sort()) {
    const content = await readFile(path.join(folder, name));
    const gzip = gzipSync(content, { level: 9 });
    const brotli = brotliCompressSync(content, {
      params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length },
    });
    await writeFile(path.join(folder, `${name}.gz`), gzip);
    await writeFile(path.join(folder, `${name}.br`), brotli);
    files[name] = { type: typeOf(name), encodings: ['br', 'gzip'] };
    sizes.set(name, { gzip: gzip.length, brotli: brotli.length });
  }
  const manifest = { script: entry.name, style, preload, files };
  await writeFile(path.join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const first = [entry.name, style, ...preload].map((name) => sizes.get(name));
  const sum = (values: readonly (number | undefined)[]) =>
    values.reduce<number>((all, one) => all + (one ?? 0), 0);
  return {
    files: sizes.size,
    firstLoad: { gzip: sum(first.map((one) => one?.gzip)), brotli: sum(first.map((one) => one?.brotli)) },
    allGzip: sum([...sizes.values()].map(({ gzip }) => gzip)),
  };
}

/** One style sheet of all; returns its name. */
async function writeStyle(source: string, folder: string): Promise<string> {
  const own = await readFile(path.join(source, PAGE_STYLE), 'utf8');
  const { code } = await transform(`${VIEW_STYLE}\n${own}`, {
    loader: 'css',
    minify: true,
    target: BROWSERS,
  });
  const name = `style-${createHash('sha256').update(code).digest('hex').slice(0, 8).toUpperCase()}.css`;
  await writeFile(path.join(folder, name), code);
  return name;
}

/** What the entry imports at once, directly or not, without itself. */
function reachable(entry: string, imports: ReadonlyMap<string, readonly string[]>): string[] {
  const found = new Set<string>([entry]);
  for (const name of found) for (const next of imports.get(name) ?? []) found.add(next);
  found.delete(entry);
  return [...found].sort();
}

function typeOf(name: string): string {
  return name.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8';
}
