import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { LAZY_PREFIX } from './lazyModules.ts';

const Metafile = z.object({
  inputs: z.record(
    z.string(),
    z.object({
      bytes: z.number(),
      imports: z.array(z.object({ path: z.string(), kind: z.string(), external: z.boolean().optional() })),
    }),
  ),
});

export interface LoadGraph {
  /** Packages of node_modules of which something is evaluated when the app is loaded, sorted. */
  readonly packages: readonly string[];
  readonly files: number;
  /** Of the sources, before bundling. */
  readonly bytes: number;
}

/**
 * What a cold start evaluates: all that src/index.ts of the app at `root` reaches without a dynamic import. Read from what
 * esbuild noted when it bundled the app.
 */
export function loadedAtStart(root: string): LoadGraph {
  const meta = readFileSync(path.join(root, '.haymaker', 'bundle-meta.json'), 'utf8');
  const { inputs } = Metafile.parse(JSON.parse(meta));
  const entry = Object.keys(inputs).find((file) => /(?:^|\/)src\/index\.ts$/.test(file));
  const seen = new Set<string>();
  const open = entry === undefined ? [] : [entry];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file)) continue;
    seen.add(file);
    // Evaluated when something of it is used.
    if (file.startsWith(LAZY_PREFIX)) continue;
    for (const { path: next, kind, external } of inputs[file]?.imports ?? []) {
      if (kind !== 'dynamic-import' && !external) open.push(next);
    }
  }
  const packages = new Set([...seen].flatMap((file) => packageOf(file) ?? []));
  const bytes = [...seen].reduce((sum, file) => sum + (inputs[file]?.bytes ?? 0), 0);
  return { packages: [...packages].sort(), files: seen.size, bytes };
}

function packageOf(file: string): string | undefined {
  return /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
}
