import { readdirSync } from 'node:fs';
import { bundleApp } from './stack/bundle.ts';
import { AGENT_BUNDLE, bundleAgent } from './stack/bundleAgent.ts';
import { bundleCli } from './stack/bundleCli.ts';
import { runCommand } from './stack/command.ts';
import { REPOSITORY } from './stack/paths.ts';

/** `npm run build`: dist/index.js, dist/functions.json, cli/dist/haymaker.mjs; a line about each. */
await runCommand(async () => {
  const built = await bundleApp(REPOSITORY);
  const scenarios = readdirSync('scenarios').filter((file) => file.endsWith('.md')).length;
  console.log(
    `Built dist/index.js: ${built.functions.length} functions, ${scenarios} scenario documents, ` +
      `${(built.bytes / 1_048_576).toFixed(1)} MB in ${built.durationMs} ms.`,
  );
  if (built.page) {
    const { firstLoad, allGzip, files } = built.page;
    const kB = (bytes: number) => `${(bytes / 1_000).toFixed(1)} kB`;
    console.log(
      `Built dist/page: a first visit loads ${kB(firstLoad.gzip)} gzip (${kB(firstLoad.brotli)} brotli); ` +
        `${files} files, ${kB(allGzip)} gzip in all.`,
    );
  }
  const commandBytes = await bundleCli(REPOSITORY);
  console.log(`Built cli/dist/haymaker.mjs: ${(commandBytes / 1_048_576).toFixed(1)} MB.`);
  console.log(`Built ${AGENT_BUNDLE} in ${await bundleAgent(REPOSITORY)} ms.`);
  return 0;
});
