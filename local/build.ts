import { readdirSync } from 'node:fs';
import { bundleApp } from './stack/bundle.ts';
import { runCommand } from './stack/command.ts';
import { REPOSITORY } from './stack/paths.ts';

/** `npm run build`: dist/index.js, dist/functions.json; one line about what was made. */
await runCommand(async () => {
  const built = await bundleApp(REPOSITORY);
  const scenarios = readdirSync('scenarios').filter((file) => file.endsWith('.md')).length;
  console.log(
    `Built dist/index.js: ${built.functions.length} functions, ${scenarios} scenario documents, ` +
      `${(built.bytes / 1_048_576).toFixed(1)} MB in ${built.durationMs} ms.`,
  );
  return 0;
});
