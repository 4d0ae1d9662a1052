import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { build, formatMessages } from 'esbuild';
import { ensureError } from '../../src/domain/errors.ts';
import { bundlePage, type PageBundle } from './bundlePage.ts';
import { CommandError } from './command.ts';
import { writeCommonParts } from './commonParts.ts';
import { LAZY_PREFIX, lazyModules, writeLazyModules } from './lazyModules.ts';
import { oneLocale } from './oneLocale.ts';
import { replaceFolder } from './replaceFolder.ts';
import { rosterOf } from './roster.ts';

export interface Bundle {
  /** Names of the functions that the bundle must register, sorted. */
  readonly functions: readonly string[];
  readonly bytes: number;
  /** Undefined for an app without a page. */
  readonly page: PageBundle | undefined;
  readonly durationMs: number;
}

/**
 * Bundles src/index.ts of the app at `root` into dist/index.js and the parts that it imports when they are needed (CommonJS:
 * what the Functions worker loads with require), and writes the expected names to dist/functions.json; the page in web/, when
 * there is one, goes to dist/page. Only @azure/functions-core stays outside: the host provides it. A host that runs on dist/
 * meanwhile is not disturbed, as long as the sources are the same.
 * Throws CommandError that says where, when the sources do not bundle.
 */
export async function bundleApp(root: string): Promise<Bundle> {
  const startedAt = performance.now();
  const entry = path.join(root, 'src', 'index.ts');
  const source = await readFile(entry, 'utf8').catch((error: unknown) => {
    throw new CommandError(`${entry} cannot be read: it is the roster of the functions.`, 1, {
      cause: error,
    });
  });
  const functions = rosterOf(source);
  const dist = path.join(root, 'dist');
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outdir: dist,
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'esm',
    splitting: true,
    chunkNames: 'part-[hash]',
    write: false,
    external: ['@azure/functions-core'],
    plugins: [lazyModules, oneLocale],
    // Nothing is minified: the runtime prints the line that threw, and orchestrators and errors go by name.
    keepNames: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'silent',
  }).catch((error: unknown) => {
    throw new CommandError(`The app does not bundle: ${ensureError(error).message}`, 1, { cause: error });
  });
  for (const warning of await formatMessages(result.warnings, { kind: 'warning' })) console.warn(warning);
  const work = path.join(root, '.haymaker');
  await mkdir(work, { recursive: true });
  await writeFile(path.join(work, 'bundle-meta.json'), JSON.stringify(result.metafile));
  const folder = await mkdtemp(path.join(work, 'dist-'));
  try {
    await writeFile(path.join(folder, 'functions.json'), `${JSON.stringify(functions, null, 2)}\n`);
    // An app that has no durable functions has none of their modules either.
    const lazy = Object.keys(result.metafile.inputs).some((input) => input.startsWith(LAZY_PREFIX));
    const parts = await writeCommonParts(result.outputFiles, folder);
    const bytes = parts + (lazy ? await writeLazyModules(root, folder) : 0);
    const hasPage = existsSync(path.join(root, 'web'));
    const page = hasPage ? await bundlePage(root, path.join(folder, 'page')) : undefined;
    await mkdir(dist, { recursive: true });
    await replaceFolder(folder, dist, [path.join('page', 'manifest.json'), 'index.js']);
    return { functions, bytes, page, durationMs: Math.round(performance.now() - startedAt) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
