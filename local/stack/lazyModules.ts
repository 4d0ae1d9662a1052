import path from 'node:path';
import { build, type Plugin } from 'esbuild';

/** What durable-functions requires at once and few invocations need: its HTTP client alone is a fifth of the app's start. */
const SELDOM_NEEDED = ['axios', 'moment', 'validator', 'lodash/cloneDeep', '@opentelemetry/api'] as const;
const WANTED = new RegExp(`^(?:${SELDOM_NEEDED.join('|')})$`);
const IMPORTER = /[/\\]node_modules[/\\]durable-functions[/\\]/;
const NAMESPACE = 'lazy';
/** How esbuild's notes name them. */
export const LAZY_PREFIX = `${NAMESPACE}:`;

const fileOf = (name: string) => `late-${name.replace('@', '').replace('/', '-').toLowerCase()}.js`;

/**
 * Modules that durable-functions requires at its top are read, from a file of their own beside the bundle, when something of
 * them is used, and not before. The files are written by `writeLazyModules`.
 */
export const lazyModules: Plugin = {
  name: 'lazy-modules',
  setup(build) {
    build.onResolve({ filter: WANTED }, ({ path, importer, namespace }) =>
      namespace === 'file' && IMPORTER.test(importer) ? { path, namespace: NAMESPACE } : undefined,
    );
    build.onResolve({ filter: /^\.\/late-/, namespace: NAMESPACE }, ({ path }) => ({ path, external: true }));
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({
      contents: `
        const load = () => require(${JSON.stringify(`./${fileOf(path)}`)});
        module.exports = new Proxy(function () {}, {
          get: (_, name) => load()[name],
          apply: (_, self, values) => load().apply(self, values),
        });`,
      loader: 'js',
    }));
  },
};

/** Writes the modules of `lazyModules` into `dist`, as durable-functions in `root` would find them. Resolves with their bytes. */
export async function writeLazyModules(root: string, dist: string): Promise<number> {
  const resolveDir = path.join(root, 'node_modules', 'durable-functions');
  const sizes = await Promise.all(
    SELDOM_NEEDED.map(async (name) => {
      const { metafile } = await build({
        absWorkingDir: root,
        stdin: { contents: `module.exports = require(${JSON.stringify(name)});`, resolveDir },
        outfile: path.join(dist, fileOf(name)),
        bundle: true,
        platform: 'node',
        target: 'node22',
        format: 'cjs',
        keepNames: true,
        legalComments: 'none',
        metafile: true,
        logLevel: 'silent',
      });
      return Object.values(metafile.outputs).reduce((sum, { bytes }) => sum + bytes, 0);
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
