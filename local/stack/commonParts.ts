import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type OutputFile, transform } from 'esbuild';

/**
 * Writes the parts of a split bundle as CommonJS, which is what the Functions worker loads with require; esbuild itself
 * splits ECMAScript modules only. A part is read when the first import() asks for it: what the start of the app does not
 * need, its start does not compile. They go into `folder` by their names. Resolves with the bytes of all parts.
 */
export async function writeCommonParts(files: readonly OutputFile[], folder: string): Promise<number> {
  const sizes = await Promise.all(
    files.map(async (file) => {
      const { code } = await transform(file.text, {
        format: 'cjs',
        platform: 'node',
        target: 'node22',
        // import() of a part is require() of it, later: no second module system at run time.
        supported: { 'dynamic-import': false },
        legalComments: 'none',
        sourcefile: path.basename(file.path),
      });
      await writeFile(path.join(folder, path.basename(file.path)), code);
      return Buffer.byteLength(code);
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
