import type { Plugin } from 'esbuild';

/** What durable-functions requires at once and few invocations need: its HTTP client alone is a fifth of the app's start. */
const SELDOM_NEEDED = /^(axios|moment|validator)$/;
const IMPORTER = /[/\\]node_modules[/\\]durable-functions[/\\]/;
const NAMESPACE = 'lazy';
/** How esbuild's notes name them. */
export const LAZY_PREFIX = `${NAMESPACE}:`;

/** Modules that durable-functions requires at its top are evaluated when something of them is used, and not before. */
export const lazyModules: Plugin = {
  name: 'lazy-modules',
  setup(build) {
    build.onResolve({ filter: SELDOM_NEEDED }, ({ path, importer, resolveDir, namespace }) =>
      namespace === 'file' && IMPORTER.test(importer)
        ? { path, namespace: NAMESPACE, pluginData: resolveDir }
        : undefined,
    );
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path, pluginData }) => ({
      contents: `
        const load = () => require(${JSON.stringify(path)});
        module.exports = new Proxy(function () {}, {
          get: (_, name) => load()[name],
          apply: (_, self, values) => load().apply(self, values),
        });`,
      loader: 'js',
      resolveDir: pluginData,
    }));
  },
};
