import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { build } from 'esbuild';
import { ensureError } from '../../src/domain/errors.ts';
import { CommandError } from './command.ts';
import { replaceFile } from './replaceFolder.ts';

/** Where the agent and the stand-in for its Azure CLI are built, below the repository. */
export const AGENT_BUNDLE = path.join('agent', 'dist', 'haymaker-agent.mjs');
export const AZ_BUNDLE = path.join('local', 'az', 'dist', 'az.mjs');

/** CommonJS packages inside an ES module ask for `require`. */
const REQUIRE =
  "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/**
 * Bundles the agent and the stand-in for the Azure CLI of the repository at `root`, each into one file that needs nothing
 * but Node; agents that start meanwhile find it whole. Returns how long it took, in milliseconds. Throws CommandError that
 * says where, when the sources do not bundle.
 */
export async function bundleAgent(root: string): Promise<number> {
  const startedAt = performance.now();
  const bundles = [
    [path.join('agent', 'main.ts'), AGENT_BUNDLE],
    [path.join('local', 'az', 'main.ts'), AZ_BUNDLE],
  ] as const;
  try {
    await Promise.all(
      bundles.map(async ([entry, outfile]) => {
        const { outputFiles } = await build({
          absWorkingDir: root,
          entryPoints: [entry],
          outfile,
          write: false,
          bundle: true,
          platform: 'node',
          target: 'node22',
          format: 'esm',
          banner: { js: REQUIRE },
          keepNames: true,
          legalComments: 'none',
          logLevel: 'silent',
        });
        for (const file of outputFiles) await replaceFile(file.path, file.contents);
      }),
    );
  } catch (error) {
    throw new CommandError(`The agent does not bundle: ${ensureError(error).message}`, 1, { cause: error });
  }
  return Math.round(performance.now() - startedAt);
}
