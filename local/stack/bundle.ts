import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { build, formatMessages } from 'esbuild';
import { ensureError } from '../../src/domain/errors.ts';
import { bundlePage, type PageBundle } from './bundlePage.ts';
import { CommandError } from './command.ts';
import { writeCommonParts } from './commonParts.ts';
import { LAZY_PREFIX, lazyModules, writeLazyModules } from './lazyModules.ts';
import { oneLocale } from './oneLocale.ts';
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
 * what the Functions worker loads with require), and writes the expected names to dist/functions.json; the page in web/, when there is one, goes to dist/page. Only @azure/functions-core stays outside: the host provides it.
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
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist);
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
  await writeFile(path.join(dist, 'functions.json'), `${JSON.stringify(functions, null, 2)}\n`);
  await mkdir(path.join(root, '.haymaker'), { recursive: true });
  await writeFile(path.join(root, '.haymaker', 'bundle-meta.json'), JSON.stringify(result.metafile));
  // An app that has no durable functions has none of their modules either.
  const lazy = Object.keys(result.metafile.inputs).some((input) => input.startsWith(LAZY_PREFIX));
  const bytes =
    (await writeCommonParts(result.outputFiles)) + (lazy ? await writeLazyModules(root, dist) : 0);
  const page = existsSync(path.join(root, 'web')) ? await bundlePage(root) : undefined;
  return { functions, bytes, page, durationMs: Math.round(performance.now() - startedAt) };
}
