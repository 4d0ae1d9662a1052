import type { Plugin } from 'esbuild';

/** Of zod's messages in fifty languages the app speaks one: the others are a third of what it would have to read at its start. */
export const oneLocale: Plugin = {
  name: 'one-locale',
  setup(build) {
    build.onLoad({ filter: /[/\\]zod[/\\]v4[/\\]locales[/\\]index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
      loader: 'js',
    }));
  },
};
