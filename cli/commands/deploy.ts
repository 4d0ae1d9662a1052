import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { CommandFailure, EXIT } from '../exit.ts';
import { Started } from '../http/answers.ts';
import { interruptibly } from '../interruption.ts';
import { durationHours, several, tag, wholeNumber } from '../options.ts';
import { renderFields, type Screen } from '../output/table.ts';
import { instant, printable } from '../output/text.ts';
import type { Register } from '../register.ts';
import type { Session } from '../session.ts';
import { executionView, failureOf, waitForExecution } from '../waiting.ts';

const MOST_SCENARIOS = 5;

interface Options {
  readonly scenario: string[];
  readonly duration?: number;
  readonly tag?: Record<string, string>;
  readonly seed?: string;
  readonly wait?: boolean;
  readonly pollInterval: number;
}

export function addDeploy(program: Command, register: Register): void {
  register<Options>(
    program
      .command('deploy')
      .description('start a run of one to five scenarios now')
      .requiredOption('--scenario <id>', 'a scenario, by id or full name; repeat it for more', several)
      .option('--duration <time>', 'how long the agents work: 1h to 24h', durationHours)
      .option('--tag <key=value>', 'a tag for everything that the run makes; repeat it for more', tag)
      .option('--seed <text>', 'what chance is drawn from')
      .option('--wait', 'watch until the run has ended; ends with 1 when it failed')
      .option('--poll-interval <seconds>', 'with --wait: how often to look', wholeNumber(1, 3_600), 10),
    deploy,
  );
}

async function deploy(session: Session, options: Options): Promise<void> {
  const { scenario: scenarios, duration, tag: tags, seed } = options;
  if (scenarios.length > MOST_SCENARIOS) {
    throw new CommandFailure(
      EXIT.usage,
      `A run takes at most ${MOST_SCENARIOS} scenarios, not ${scenarios.length}. Start a second one for the others.`,
    );
  }
  const body = {
    scenarios,
    ...(duration === undefined ? {} : { duration_hours: duration }),
    ...(tags ? { tags } : {}),
    ...(seed ? { seed } : {}),
  };
  const started = await session
    .client()
    .post('/api/v1/execute', Started, { body, idempotencyKey: randomUUID() });
  if (!options.wait) {
    session.out.result(started, (screen) => startedView(started, screen));
    return;
  }
  const id = started.execution_id;
  session.out.say(`Started ${printable(id)}.`);
  const howToGoOn = `The run goes on without you.\nLook at it: haymaker runs show ${id}\nStop it: haymaker runs stop ${id}`;
  const ended = await interruptibly(session, howToGoOn, (signal) =>
    waitForExecution(session, id, options.pollInterval * 1_000, signal),
  );
  session.out.result(ended, (screen) => executionView(ended, screen));
  const failure = failureOf(ended);
  if (failure) throw new CommandFailure(EXIT.failed, failure);
}

function startedView(started: Started, screen: Screen): string {
  const id = printable(started.execution_id);
  const fields = renderFields(
    [
      ['Run', id],
      ['Status', printable(started.status)],
      ['Scenarios', started.scenarios.length > 0 ? printable(started.scenarios.join(', ')) : undefined],
      ['Ends about', started.estimated_completion ? instant(started.estimated_completion) : undefined],
    ],
    screen,
  );
  return `${fields}\n\nLook at it: haymaker runs show ${id}`;
}
