import type { Command } from 'commander';
import { type LogEntry, Logs } from '../http/answers.ts';
import { interruptibly } from '../interruption.ts';
import { followLogs } from '../logFollowing.ts';
import { since, wholeNumber } from '../options.ts';
import type { Screen } from '../output/table.ts';
import { instant, printable } from '../output/text.ts';
import type { Register } from '../register.ts';
import type { Session } from '../session.ts';

interface Options {
  readonly agentId: string;
  readonly tail: number;
  readonly since?: string;
  readonly follow?: boolean;
}

export function addLogs(program: Command, register: Register): void {
  register<Options>(
    program
      .command('logs')
      .description('what an agent did, line by line')
      .requiredOption('--agent-id <id>', 'the agent; see haymaker agents list')
      .option('--tail <n>', 'the last so many lines', wholeNumber(1, 1_000), 100)
      .option('--since <time>', 'only after this: 15m, 2h, or a time', (text: string) => since(text))
      .option('-f, --follow', 'go on with new lines as they come, until Ctrl-C'),
    logs,
  );
}

async function logs(session: Session, options: Options): Promise<void> {
  const { agentId, tail } = options;
  const path = `/api/v1/agents/${encodeURIComponent(agentId)}/logs`;
  const print = (entry: LogEntry) => session.out.item(entry, (screen) => logLine(entry, screen));
  if (options.follow) {
    const howToGoOn = `Go on with: haymaker logs --agent-id ${agentId} --follow`;
    await interruptibly(session, howToGoOn, (signal) =>
      followLogs(session, path, { tail, since: options.since }, print, signal),
    );
    return;
  }
  const query = { tail, since: options.since };
  const { logs: found } = await session.client().get(path, Logs, { query });
  session.out.result(found, (screen) =>
    found.length === 0 ? 'No log lines.' : found.map((entry) => logLine(entry, screen)).join('\n'),
  );
}

/** "2026-11-21 06:00:03 INFO     message"; never cut, because people search in it. Pure. */
export function logLine(
  { timestamp, level, message }: Pick<LogEntry, 'timestamp' | 'level' | 'message'>,
  { colours }: Screen,
): string {
  const word = printable(level).padEnd(8);
  const paint =
    level === 'ERROR' || level === 'CRITICAL' ? colours.red : level === 'WARNING' ? colours.yellow : String;
  return `${colours.dim(instant(timestamp))} ${paint(word)} ${printable(message)}`;
}
