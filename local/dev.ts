import { requireRealAz } from './az/real/realAz.ts';
import { bundleApp } from './stack/bundle.ts';
import { runCommand } from './stack/command.ts';
import { DEFAULT_PORT, DEMO_DURATION, DEMO_SEED, demoSettings, REAL_DEMO_DURATION } from './stack/demo.ts';
import { parseFlags, parsePort } from './stack/flags.ts';
import { REPOSITORY } from './stack/paths.ts';
import { withStack } from './stack/withStack.ts';
import { workFolder } from './stack/workFolder.ts';
import { curlExamples } from './ui/words.ts';

const COMMAND = 'npm run dev';
const FLAGS = {
  port: { type: 'string', about: `port of the host on 127.0.0.1 (${DEFAULT_PORT})` },
  'real-az': { type: 'boolean', about: 'real agents that use the Azure CLI of this machine' },
} as const;

/** `npm run dev`: keeps the whole stack up, with the timer live, until Ctrl-C. Runs have the demo's short window. */
await runCommand(async () => {
  const flags = parseFlags(COMMAND, FLAGS);
  const port = parsePort(COMMAND, FLAGS, flags.port);
  if (flags['real-az']) requireRealAz();
  await bundleApp(REPOSITORY);
  const options = {
    port,
    folder: workFolder(port),
    settings: demoSettings(flags['real-az'] ? REAL_DEMO_DURATION : DEMO_DURATION),
    ...(flags['real-az'] ? { agents: 'real' as const, realAz: true } : {}),
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
