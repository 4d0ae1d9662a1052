import type { Command } from 'commander';
import { Status } from '../http/answers.ts';
import { renderFields, type Screen } from '../output/table.ts';
import { coloured, instantFromNow, printable } from '../output/text.ts';
import type { Register } from '../register.ts';

export function addStatus(program: Command, register: Register): void {
  register(
    program
      .command('status')
      .description('what is going on now: the run, its phase, its agents, the next run'),
    async (session) => {
      const client = session.client();
      const status = await client.get('/api/v1/status', Status);
      session.out.result(status, (screen) => statusView(status, screen, session.now()));
    },
  );
}

/** The status as people read it. Pure. */
export function statusView(status: Status, screen: Screen, now: number): string {
  const { colours } = screen;
  const counts =
    status.scenarios_count == null
      ? `${status.active_agents} active`
      : `${status.scenarios_running ?? 0} running, ${status.scenarios_completed ?? 0} completed, ${status.scenarios_failed ?? 0} failed`;
  const run = status.current_run_id;
  return renderFields(
    [
      ['Status', coloured(status.status, colours)],
      ['Health', status.health ? coloured(status.health, colours) : undefined],
      ['Run', run ? printable(run) : undefined],
      ['Phase', run && status.phase ? printable(status.phase) : undefined],
      ['Agents', run ? counts : undefined],
      ['Started', run ? instantFromNow(status.started_at, now) : undefined],
      [
        'Window ends',
        run && status.scheduled_end_at ? instantFromNow(status.scheduled_end_at, now) : undefined,
      ],
      ['Next run', status.next_run ? instantFromNow(status.next_run, now) : 'not scheduled'],
    ],
    screen,
  );
}
