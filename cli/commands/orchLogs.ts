import type { Command } from 'commander';
import { azureRequests } from '../azure/request.ts';
import { interruptibly, pause } from '../interruption.ts';
import { since as parseSince, wholeNumber } from '../options.ts';
import { type AppLogLine, appLogs, LOGS_API } from '../orchestrator/appLogs.ts';
import { placeOf, tenantOf, WORKSPACE } from '../orchestrator/place.ts';
import type { Register } from '../register.ts';
import type { Session } from '../session.ts';
import { logLine } from './logs.ts';

const HOUR_MS = 3_600_000;
const FOLLOW_MS = 10_000;

interface Options {
  readonly workspaceId?: string;
  readonly tail: number;
  readonly since?: string;
  readonly follow?: boolean;
}

export function addOrchLogs(orch: Command, register: Register): void {
  register<Options>(
    orch
      .command('logs')
      .description("the app's own log, from Log Analytics (asks Azure, signed in by az login)")
      .option('--workspace-id <id>', 'the Log Analytics workspace')
      .option('--tail <n>', 'the last so many lines', wholeNumber(1, 10_000), 100)
      .option('--since <time>', 'only after this: 15m, 2h, or a time (default: 1h)', (text: string) =>
        parseSince(text),
      )
      .option('-f, --follow', 'go on with new lines as Azure has them (minutes late), until Ctrl-C'),
    orchLogs,
  );
}

async function orchLogs(session: Session, options: Options): Promise<void> {
  const workspace = placeOf(WORKSPACE, options.workspaceId, session);
  const azure = azureRequests(LOGS_API, tenantOf(session));
  let since = options.since ?? new Date(session.now() - HOUR_MS).toISOString();
  const { tail } = options;
  if (!options.follow) {
    const lines = await appLogs(azure, workspace, { tail, since });
    session.out.result(lines, (screen) =>
      lines.length === 0 ? 'No log lines.' : lines.map((line) => logLine(line, screen)).join('\n'),
    );
    return;
  }
  const print = (line: AppLogLine) => session.out.item(line, (screen) => logLine(line, screen));
  await interruptibly(session, 'Go on with: haymaker orch logs --follow', async (signal) => {
    for (;;) {
      const lines = await appLogs(azure, workspace, { tail, since });
      lines.forEach(print);
      since = lines.at(-1)?.timestamp ?? since;
      await pause(FOLLOW_MS, signal);
    }
  });
}
