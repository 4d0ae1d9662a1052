import path from 'node:path';
import { bundleApp } from './stack/bundle.ts';
import { runCommand } from './stack/command.ts';
import { discoverFunctions, layOutDeployment } from './stack/deployment.ts';
import { parseFlags } from './stack/flags.ts';
import { REPOSITORY } from './stack/paths.ts';

/** `npm run package`: lays out what is deployed in .haymaker/package and proves that the roster is found there. */
await runCommand(async () => {
  const { json } = parseFlags('npm run package', {
    json: { type: 'boolean', about: 'end with one JSON line: files, bytes, functionsFound' },
  });
  await bundleApp(REPOSITORY);
  const folder = path.join(REPOSITORY, '.haymaker', 'package');
  const { files, bytes } = layOutDeployment(REPOSITORY, folder);
  const functions = await discoverFunctions(folder);
  console.log(`Laid out ${files.length} files (${(bytes / 1_048_576).toFixed(1)} MB) in ${folder}.`);
  console.log(
    `All ${functions.length} functions are found there without node_modules and without a single setting.`,
  );
  if (json) console.log(JSON.stringify({ files: files.length, bytes, functionsFound: functions.length }));
  return 0;
});
