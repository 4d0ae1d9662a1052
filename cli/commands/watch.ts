import type { Command } from 'commander';
import { poll } from '../follow.ts';
import { Status } from '../http/answers.ts';
import { interruptibly } from '../interruption.ts';
import { wholeNumber } from '../options.ts';
import { startLive } from '../output/live.ts';
import { instantFromNow, printable } from '../output/text.ts';
import type { Register } from '../register.ts';
import type { Session } from '../session.ts';
import { failureOf, watchRun } from '../watching.ts';

interface Options {
  readonly run?: string;
  readonly pollInterval: number;
}

export function addWatch(program: Command, register: Register): void {
  register<Options>(
    program
      .command('watch')
      .description('watch a run: its phases, its agents, its clean-up')
      .option('--run <id>', 'this run; without it the live one, or the next that begins')
      .option('--poll-interval <seconds>', 'how often to look', wholeNumber(1, 3_600), 2),
    watch,
  );
}

async function watch(session: Session, options: Options): Promise<void> {
  const everyMs = options.pollInterval * 1_000;
  const runId =
    options.run ??
    (await interruptibly(session, 'Nothing was running. Go on waiting: haymaker watch', (signal) =>
      nextRun(session, everyMs, signal),
    ));
  const howToGoOn = [
    'The run goes on without you.',
    `Go on watching: haymaker watch --run ${runId}`,
    `Stop it: haymaker runs stop ${runId}`,
  ].join('\n');
  const ended = await interruptibly(session, howToGoOn, (signal) =>
    watchRun(session, runId, everyMs, signal),
  );
  if (session.out.format === 'table') session.out.say(`Its report: haymaker runs report ${printable(runId)}`);
  const failure = failureOf(ended);
  if (failure) throw failure;
}

/** The run that is live, or the next one that begins. Says meanwhile that nothing runs. */
async function nextRun(session: Session, everyMs: number, signal: AbortSignal): Promise<string> {
  const { out, now } = session;
  const client = session.client({ quiet: true });
  let words = '';
  const live = startLive(out, (spinner) => `${spinner} ${words}`);
  try {
    const status = await poll(() => client.get('/api/v1/status', Status, { signal }), {
      everyMs,
      signal,
      now,
      isFinal: ({ current_run_id: id }) => Boolean(id),
      onLook: (answer, failure) => {
        const isFirst = words === '';
        words = answer ? idleWords(answer, now()) : `${failure?.message} Trying again …`;
        if (isFirst && !out.live && !answer?.current_run_id) out.say(words);
      },
    });
    return status.current_run_id ?? '';
  } finally {
    live.close();
  }
}

function idleWords({ next_run: next }: Status, now: number): string {
  return `Nothing is running. ${next ? `Next run ${instantFromNow(next, now)}.` : 'No run is scheduled.'} Waiting …`;
}
