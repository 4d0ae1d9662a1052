import { rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { bundleApp } from './stack/bundle.ts';
import { checkSources } from './stack/checks.ts';
import { runCommand } from './stack/command.ts';
import { REPOSITORY } from './stack/paths.ts';
import { readTally, sum, type Tally } from './stack/testTally.ts';
import { toolExitCode } from './stack/tool.ts';

/** `npm test [-- <files>]`: build, types, style, unit tests, end-to-end tests, tests in a browser; the last line counts. */
await runCommand(async () => {
  await bundleApp(REPOSITORY);
  await checkSources();
  const filters = process.argv.slice(2);
  const unit = await runTests('unit', 'vitest.config.mts', filters);
  const endToEnd = await runTests('e2e', 'vitest.e2e.config.mts', filters);
  const browser = await runTests('browser', 'vitest.browser.config.mts', filters);
  const { passed, failed } = sum([unit, endToEnd, browser]);
  console.log(`${passed} passed, ${failed} failed`);
  if (passed + failed === 0) console.error(`No test file matches ${filters.join(' ')}.`);
  return failed === 0 && passed > 0 ? 0 : 1;
});

async function runTests(name: string, config: string, filters: readonly string[]): Promise<Tally> {
  const report = path.join(REPOSITORY, '.haymaker', `tests-${name}.json`);
  rmSync(report, { force: true });
  const exitCode = await toolExitCode('vitest', 'vitest', [
    ...['run', '--config', config, '--passWithNoTests'],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
    ...filters,
  ]);
  return readTally(report, exitCode);
}
