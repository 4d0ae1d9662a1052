import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** What `npm run build` writes about the page: its files by name, and which of them the shell loads. */
const Manifest = z.object({
  script: z.string(),
  style: z.string(),
  /** Loaded by the script at once; named in the shell so that the browser need not wait to hear of them. */
  preload: z.array(z.string()),
  files: z.record(z.string(), z.object({ type: z.string(), encodings: z.array(z.enum(['br', 'gzip'])) })),
});
export type Manifest = z.infer<typeof Manifest>;

/** Suffix of a file's compressed twin. */
const SUFFIXES = { br: '.br', gzip: '.gz' } as const;

let manifest: Promise<Manifest> | undefined;

/** The page's manifest, read once. Rejects when the page was not built; the next call tries again. */
export function pageManifest(): Promise<Manifest> {
  manifest ??= readFile(join(pageDirectory(), 'manifest.json'), 'utf8').then(
    (text) => Manifest.parse(JSON.parse(text)),
    (error: unknown) => {
      manifest = undefined;
      throw new Error('The page was not built into dist/page: run "npm run build".', { cause: error });
    },
  );
  return manifest;
}

export interface PageFile {
  readonly type: string;
  readonly encoding: 'br' | 'gzip' | undefined;
  readonly body: Buffer;
}

/** One file of the page in the best encoding that the caller takes; undefined for what is not in the manifest. */
export async function pageFile(name: string, acceptEncoding: string): Promise<PageFile | undefined> {
  const { files } = await pageManifest();
  const file = Object.hasOwn(files, name) ? files[name] : undefined;
  if (!file) return undefined;
  const encoding = file.encodings.find((one) => accepts(acceptEncoding, one));
  const path = join(pageDirectory(), encoding ? `${name}${SUFFIXES[encoding]}` : name);
  return { type: file.type, encoding, body: await readFile(path) };
}

/** RFC 9110, section 12.5.3, as far as browsers use it: a coding is taken when it is named and its weight is not 0. */
export function accepts(acceptEncoding: string, coding: string): boolean {
  return acceptEncoding
    .toLowerCase()
    .split(',')
    .map((part) => part.trim().split(/\s*;\s*q=/))
    .some(([name, weight]) => name === coding && Number(weight ?? 1) > 0);
}

/** The page lies beside the bundle: dist/page. */
function pageDirectory(): string {
  return join(__dirname, 'page');
}
