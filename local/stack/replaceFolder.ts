import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/**
 * Makes `target` hold what `source` holds. Who reads from it meanwhile finds each file whole, as it was or as it will be: a
 * file that is the same is not touched, others are put in place in one step, those of `last` in their order after all
 * others, and what is not in `source` goes in the end. Both must lie on one file system; `source` is used up.
 */
export async function replaceFolder(source: string, target: string, last: readonly string[]): Promise<void> {
  const names = await filesBelow(source);
  const ordered = [
    ...names.filter((name) => !last.includes(name)),
    ...last.filter((name) => names.includes(name)),
  ];
  for (const name of ordered) {
    const [from, to] = [path.join(source, name), path.join(target, name)];
    if (await holds(to, await readFile(from))) continue;
    await mkdir(path.dirname(to), { recursive: true });
    await rename(from, to);
  }
  const wanted = new Set(names);
  for (const name of await filesBelow(target))
    if (!wanted.has(name)) await rm(path.join(target, name), { force: true });
  await rm(source, { recursive: true, force: true });
}

/** The same for one file: who reads it meanwhile finds it whole. Its folder is made when there is none. */
export async function replaceFile(file: string, content: Uint8Array, mode?: number): Promise<void> {
  if (await holds(file, content)) return;
  await mkdir(path.dirname(file), { recursive: true });
  const beside = `${file}.${randomUUID()}`;
  await writeFile(beside, content, mode === undefined ? {} : { mode });
  await rename(beside, file);
}

/** Relative paths. */
async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)));
}

async function holds(file: string, content: Uint8Array): Promise<boolean> {
  const known = await readFile(file).catch(() => undefined);
  return known?.equals(content) ?? false;
}
