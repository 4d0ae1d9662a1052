import { bundleApp } from './stack/bundle.ts';
import { runCommand } from './stack/command.ts';
import { parseFlags } from './stack/flags.ts';
import { loadedAtStart } from './stack/loadGraph.ts';
import { makePackage } from './stack/makePackage.ts';
import { REPOSITORY } from './stack/paths.ts';

/** `npm run package`: makes the zip that is deployed, holds it against the rules, and proves that the roster is found in it. */
await runCommand(async () => {
  const { json } = parseFlags('npm run package', {
    json: {
      type: 'boolean',
      about: 'end with one JSON line: zipPath, zipBytes, files, functionsFound, sha256',
    },
  });
  await bundleApp(REPOSITORY);
  const { zipPath, zipBytes, sha256, files, functions } = await makePackage(REPOSITORY);
  const start = loadedAtStart(REPOSITORY);
  console.log(`Packed ${files.length} files (${megabytes(zipBytes)}) into ${zipPath}.`);
  console.log(
    `All ${functions.length} functions are found in it without node_modules and without a single setting.`,
  );
  console.log(
    `A cold start evaluates ${start.files} source files (${megabytes(start.bytes)}); the rest waits for use.`,
  );
  console.log(`SHA-256 ${sha256}`);
  if (json)
    console.log(
      JSON.stringify({ zipPath, zipBytes, files: files.length, functionsFound: functions.length, sha256 }),
    );
  return 0;
});

function megabytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MB`;
}
