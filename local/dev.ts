import { bundleApp } from './stack/bundle.ts';
import { runCommand } from './stack/command.ts';
import { DEFAULT_PORT, DEMO_DURATION, DEMO_SEED, demoSettings } from './stack/demo.ts';
import { parseFlags, parsePort } from './stack/flags.ts';
import { REPOSITORY } from './stack/paths.ts';
import { withStack } from './stack/withStack.ts';
import { workFolder } from './stack/workFolder.ts';
import { curlExamples } from './ui/words.ts';

const COMMAND = 'npm run dev';
const FLAGS = {
  port: { type: 'string', about: `port of the host on 127.0.0.1 (${DEFAULT_PORT})` },
} as const;

/** `npm run dev`: keeps the whole stack up, with the timer live, until Ctrl-C. Runs have the demo's short window. */
await runCommand(async () => {
  const port = parsePort(COMMAND, FLAGS, parseFlags(COMMAND, FLAGS).port);
  await bundleApp(REPOSITORY);
  const options = {
    port,
    folder: workFolder(port),
    settings: demoSettings(DEMO_DURATION),
    seed: DEMO_SEED,
    stay: true,
    onUp: (service: string) => console.log(`${service} is up`),
  };
  await withStack(options, async (stack) => {
    console.log(
      [
        '',
        `${stack.functions.length} functions are served at ${stack.url}:`,
        ...stack.functions.map((name) => `  ${name}`),
        '',
        `Stand-in for Azure, control endpoint: ${stack.standIn.controlUrl}`,
        `Logs: ${stack.logs}`,
        '',
        'The timer is live (HAYMAKER_SCHEDULE, UTC). Start a run by hand and look at it:',
        ...curlExamples(stack.url, 'my-run').map((line) => `  ${line}`),
        '',
        'Ctrl-C stops everything.',
      ].join('\n'),
    );
  });
  return 0;
});
