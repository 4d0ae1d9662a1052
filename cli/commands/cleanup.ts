import type { Command } from 'commander';
import { confirm } from '../confirm.ts';
import { CommandFailure, EXIT } from '../exit.ts';
import { poll } from '../follow.ts';
import { Cleanup, type Leftover } from '../http/answers.ts';
import { interruptibly } from '../interruption.ts';
import { startLive } from '../output/live.ts';
import { type Column, renderFields, renderTable, type Screen } from '../output/table.ts';
import { coloured, count, printable, span } from '../output/text.ts';
import type { Register } from '../register.ts';
import type { Session } from '../session.ts';

const POLL_MS = 2_000;

interface Options {
  readonly executionId?: string;
  readonly scenario?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly force?: boolean;
  readonly wait?: boolean;
}

export function addCleanup(program: Command, register: Register): void {
  const cleanup = program
    .command('cleanup')
    .description('remove what ended runs have left, or say what that would remove')
    .option('--execution-id <id>', 'of this run only')
    .option('--scenario <id>', 'of runs of this scenario only')
    .option('--dry-run', 'only say what would be removed')
    .option('--yes', 'do not ask')
    .option('--force', 'also of a run that is live: it is stopped')
    .option('--wait', 'wait until it has ended; ends with 1 when something is left');
  register<Options>(cleanup, startCleanup);
  register<object>(
    cleanup.command('show').description('how a clean-up is doing').argument('<cleanup-id>'),
    async (session, _options, id = '') => {
      const found = await session.client().get(`/api/v1/cleanup/${encodeURIComponent(id)}`, Cleanup);
      session.out.result(found, (screen) => cleanupView(found, false, screen));
    },
  );
}

async function startCleanup(session: Session, options: Options): Promise<void> {
  const { executionId, scenario, dryRun = false, force } = options;
  if (!dryRun && !options.yes) await confirm(session.world, question(options));
  const body = {
    execution_id: executionId ?? null,
    scenario: scenario ?? null,
    dry_run: dryRun,
    ...(force ? { force } : {}),
  };
  const started = await session.client().post('/api/v1/cleanup', Cleanup, { body });
  // A dry run ends in seconds, and without its list it is of no use.
  const ended = options.wait || dryRun ? await waitForCleanup(session, started) : started;
  session.out.result(ended, (screen) => cleanupView(ended, dryRun, screen));
  if (ended.status === 'failed' || (options.wait && !dryRun && ended.errors.length > 0)) {
    throw new CommandFailure(EXIT.failed, `The clean-up ${ended.cleanup_id} has not removed everything.`);
  }
}

function question({ executionId, scenario }: Options): string {
  if (executionId) return `Remove everything that ${executionId} has left?`;
  return scenario
    ? `Remove everything that ended runs of ${scenario} have left?`
    : 'Remove everything that ended runs have left?';
}

async function waitForCleanup(session: Session, started: Cleanup): Promise<Cleanup> {
  if (hasEnded(started)) return started;
  const id = started.cleanup_id;
  const since = session.now();
  let latest = started;
  const live = startLive(
    session.out,
    (spinner) =>
      `${spinner} ${printable(id)}  ${latest.status}: ${latest.resources_deleted} of ${latest.resources_found} removed  ${span(session.now() - since)}`,
  );
  const client = session.client({ quiet: true });
  try {
    return await interruptibly(
      session,
      `The clean-up goes on without you. Look at it: haymaker cleanup show ${id}`,
      (signal) =>
        poll(() => client.get(`/api/v1/cleanup/${encodeURIComponent(id)}`, Cleanup, { signal }), {
          everyMs: POLL_MS,
          signal,
          now: session.now,
          isFinal: hasEnded,
          onLook: (answer) => {
            latest = answer ?? latest;
          },
        }),
    );
  } finally {
    live.close();
  }
}

function hasEnded({ status }: Cleanup): boolean {
  return status === 'completed' || status === 'failed';
}

export const LEFTOVER_COLUMNS: readonly Column<Leftover>[] = [
  { title: 'Kind', value: (row) => row.kind ?? row.type },
  { title: 'Id', value: (row) => row.id, min: 30, cut: 'middle' },
  { title: 'Why it is there', value: (row) => row.reason, min: 20, dispensable: 1 },
];

/** A clean-up as people read it: counters, and the list of a dry run or of what is left. Pure. */
export function cleanupView(cleanup: Cleanup, dryRun: boolean, screen: Screen): string {
  const found = cleanup.resources_found;
  const fields = renderFields(
    [
      ['Clean-up', printable(cleanup.cleanup_id)],
      ['Status', coloured(cleanup.status, screen.colours)],
      ['Runs', cleanup.runs.length > 0 ? String(cleanup.runs.length) : undefined],
      ['Found', String(found)],
      ['Removed', dryRun ? undefined : String(cleanup.resources_deleted)],
      ...cleanup.errors.map((error) => ['Error', screen.colours.red(printable(error))] as const),
    ],
    screen,
  );
  if (cleanup.resources.length > 0) {
    const heading = dryRun ? `${count(cleanup.resources.length, 'thing')} would be removed:` : 'Left:';
    return `${fields}\n\n${heading}\n${renderTable(LEFTOVER_COLUMNS, cleanup.resources, screen)}`;
  }
  if (dryRun && found === 0) return `${fields}\n\nNothing is left; there is nothing to remove.`;
  return hasEnded(cleanup)
    ? fields
    : `${fields}\n\nLook at it: haymaker cleanup show ${printable(cleanup.cleanup_id)}`;
}
