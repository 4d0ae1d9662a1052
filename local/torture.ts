import { bundleApp } from './stack/bundle.ts';
import { runCommand } from './stack/command.ts';
import { interruption } from './stack/interruption.ts';
import { REPOSITORY } from './stack/paths.ts';
import { parseTortureFlags } from './torture/flags.ts';
import { failed, judge } from './torture/judge.ts';
import { describe, renderFailures, renderTable, summarize } from './torture/output.ts';
import { torture } from './torture/torture.ts';

/** `npm run torture`: whole runs under faults, kills, terminations and lies; ends with 0 when nothing was left behind. */
await runCommand(async () => {
  const flags = parseTortureFlags();
  await bundleApp(REPOSITORY);
  const { signal, happened } = interruption();
  const begun = Date.now();
  const torturing = torture({
    ...flags,
    signal,
    say: (line) => console.log(line),
    onResult: (one, done, total) => console.log(`${done}/${total}  ${describe(one)}`),
  });
  const seen = await Promise.race([torturing, happened]).catch(async (error: unknown) => {
    await torturing.catch(() => {});
    throw error;
  });
  const summary = summarize(seen, flags.seed);
  const minutes = ((Date.now() - begun) / 60_000).toFixed(1);
  const report = [
    '',
    ...renderFailures(seen, flags.seed),
    '',
    renderTable(seen, flags.seed),
    `Seed ${flags.seed}, ${minutes} minutes.`,
  ];
  console.log(report.join('\n'));
  if (flags.json) console.log(JSON.stringify(summary));
  return seen.some((one) => failed(judge(one))) ? 1 : 0;
});
