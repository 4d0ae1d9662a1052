import { cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, type Plugin } from 'esbuild';
import { discoverFunctions, layOutDeployment } from '../local/stack/deployment.ts';
import { REPOSITORY } from '../local/stack/paths.ts';

/** The folders of the three apps whose starts are compared. */
export interface ColdApps {
  /** As `npm run package` lays it out. */
  readonly deployed: string;
  /** The same app as tsc would leave it: a file for each source, packages from node_modules. */
  readonly unbundled: string;
  /** One HTTP function of @azure/functions, from node_modules. */
  readonly empty: string;
}

/** Lays out the three apps in `folder`. The app must have been built. */
export async function layOutApps(folder: string): Promise<ColdApps> {
  const at = (name: string) => path.join(folder, name);
  layOutDeployment(REPOSITORY, at('deployed'));
  await discoverFunctions(at('deployed'));
  await transpile(at('unbundled'));
  mkdirSync(at('empty'), { recursive: true });
  const empty =
    "const { app } = require('@azure/functions');\napp.http('hello', { handler: async () => ({ body: 'hello' }) });\n";
  writeFileSync(path.join(at('empty'), 'index.js'), empty);
  writeFileSync(path.join(at('empty'), 'package.json'), '{"main":"index.js"}');
  for (const app of ['unbundled', 'empty']) {
    symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(at(app), 'node_modules'));
    cpSync(path.join(REPOSITORY, 'host.json'), path.join(at(app), 'host.json'));
  }
  return { deployed: at('deployed'), unbundled: at('unbundled'), empty: at('empty') };
}

async function transpile(target: string): Promise<void> {
  const sources = readdirSync(path.join(REPOSITORY, 'src'), { recursive: true, encoding: 'utf8' });
  const { outputFiles } = await build({
    absWorkingDir: REPOSITORY,
    entryPoints: sources.filter((file) => /\.tsx?$/.test(file)).map((file) => path.join('src', file)),
    outbase: 'src',
    outdir: path.join(target, 'dist'),
    bundle: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    packages: 'external',
    plugins: [eachItsOwn],
    logLevel: 'silent',
    write: false,
  });
  for (const { path: file, text } of outputFiles) {
    mkdirSync(path.dirname(file), { recursive: true });
    // A default import of a package is its `default`, as tsc has it: some packages are ECMAScript modules.
    writeFileSync(file, text.replace(/(__toESM\(require\("[^"]+"\)), 1\)/g, '$1)'));
  }
  writeFileSync(path.join(target, 'package.json'), '{"main":"dist/index.js"}');
  cpSync(path.join(REPOSITORY, 'scenarios'), path.join(target, 'scenarios'), { recursive: true });
}

/** Every source stays a file of its own and requires the others. */
const eachItsOwn: Plugin = {
  name: 'each-its-own',
  setup({ onResolve }) {
    onResolve({ filter: /^\./ }, ({ path: file, kind }) =>
      kind === 'entry-point' || !/\.tsx?$/.test(file)
        ? undefined
        : { path: file.replace(/\.tsx?$/, '.js'), external: true },
    );
  },
};
