import process from 'node:process';
import { requireRealAz } from './az/real/realAz.ts';
import { bundleApp } from './stack/bundle.ts';
import { runCommand } from './stack/command.ts';
import { demoSettings, HARDLY_EVER } from './stack/demo.ts';
import { isSuccess } from './stack/outcome.ts';
import { REPOSITORY } from './stack/paths.ts';
import { performRun } from './stack/performRun.ts';
import { parseStartFlags } from './stack/startFlags.ts';
import { withStack } from './stack/withStack.ts';
import { workFolder } from './stack/workFolder.ts';
import { createDisplay } from './ui/display.ts';
import { curlExamples, outcomeWords } from './ui/words.ts';

/** `npm start`: brings everything up, performs one complete run before the caller's eyes and takes everything down. */
await runCommand(async () => {
  const flags = parseStartFlags();
  if (flags.realAz) requireRealAz();
  const display = createDisplay();
  const built = await bundleApp(REPOSITORY);
  display.say(
    `Node ${process.versions.node}, ${built.functions.length} functions built in ${built.durationMs} ms`,
  );
  const options = {
    port: flags.port,
    folder: workFolder(flags.port),
    settings: {
      ...demoSettings(flags.duration),
      HAYMAKER_SCHEDULE: HARDLY_EVER,
      JANITOR_SCHEDULE: HARDLY_EVER,
    },
    seed: flags.seed,
    hostKind: flags.hostKind,
    agents: flags.agents,
    realAz: flags.realAz,
    stay: flags.keep,
    onUp: (service: string) => display.say(`${service} is up`),
  };
  const outcome = await withStack(options, async (stack) => {
    display.say(`${stack.functions.length} functions found at ${stack.url}; logs in ${stack.logs}`);
    const { outcome, failure } = await performRun(stack, flags, display);
    const further = flags.keep
      ? 'Look further, until Ctrl-C:'
      : 'Look further with npm start -- --keep, and then:';
    const curls = curlExamples(stack.url, outcome.runId);
    console.log(['', ...outcomeWords(outcome, failure), '', [further, ...curls].join('\n  '), ''].join('\n'));
    return outcome;
  }).finally(() => display.close());
  if (flags.json) console.log(JSON.stringify(outcome));
  return isSuccess(outcome) ? 0 : 1;
});
