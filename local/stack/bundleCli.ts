import path from 'node:path';
import { build } from 'esbuild';
import { ensureError } from '../../src/domain/errors.ts';
import { CommandError } from './command.ts';
import { replaceFile } from './replaceFolder.ts';

/** The oldest Node that people have: the command must run there with nothing installed. */
const OLDEST_NODE = 'node20';

/** Some of the bundled libraries are CommonJS and ask for Node's own modules by require. */
const BANNER = [
  '#!/usr/bin/env node',
  "import { createRequire as createRequireHere } from 'node:module';",
  'const require = createRequireHere(import.meta.url);',
].join('\n');

/**
 * Bundles cli/main.ts of the clone at `root` into the one file cli/dist/haymaker.mjs, which may be started as it is.
 * Returns its size in bytes; throws CommandError that says where, when the sources do not bundle.
 */
export async function bundleCli(root: string): Promise<number> {
  const outfile = path.join(root, 'cli', 'dist', 'haymaker.mjs');
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [path.join(root, 'cli', 'main.ts')],
    outfile,
    write: false,
    bundle: true,
    platform: 'node',
    target: OLDEST_NODE,
    format: 'esm',
    banner: { js: BANNER },
    legalComments: 'none',
    minifySyntax: true,
    minifyWhitespace: true,
    logLevel: 'silent',
  }).catch((error: unknown) => {
    throw new CommandError(`The command does not bundle: ${ensureError(error).message}`, 1, { cause: error });
  });
  for (const { path: file, contents } of outputFiles) await replaceFile(file, contents, 0o755);
  return outputFiles.reduce((sum, { contents }) => sum + contents.length, 0);
}
