import { afterEach, describe, expect, it } from 'vitest';
import type { ReportOutput, VerifyOutput } from '../../src/activities/contracts.ts';
import { type Rehearsal, rehearse } from '../support/orchestrations.ts';

const clean: VerifyOutput = { verdict: 'clean', found: 0, deleting: 0, blindSources: [], fingerprint: '' };
const closed: ReportOutput = {
  runId: 'r',
  status: 'failed',
  cleanupStatus: 'verified',
  agents: { total: 0, provisioning: 0, running: 0, completed: 0, failed: 0 },
  resourcesCreated: 0,
  resourcesRemoved: 0,
  leftovers: 0,
  reportPath: 'reports/r/report.json',
};
const input = {
  runId: 'r',
  policy: { rounds: 3, cleanPasses: 2, passIntervalSeconds: 60 },
  startedAt: '2026-11-21T00:00:00.000Z',
  why: 'The run broke off.',
};

let run: Rehearsal;
afterEach(() => run.close());

describe('closing a run', () => {
  it('removes what it left and writes its report, with why it was closed', async () => {
    run = rehearse({ verify_cleanup_activity: () => clean, generate_report_activity: () => closed });
    run.start('close_run', 'close-r', input);
    expect((await run.untilEnded('close-r')).output).toEqual(closed);
    expect(run.inputsOf('generate_report_activity')).toMatchObject([
      {
        runId: 'r',
        startedAt: input.startedAt,
        end: 'closed_by_janitor',
        cleanup: { status: 'verified' },
        problems: [{ where: 'run', message: 'The run broke off.' }],
      },
    ]);
  });

  it('reports a clean-up that broke off as unknown', async () => {
    run = rehearse({
      verify_cleanup_activity: () => {
        throw new Error('storage is gone');
      },
      generate_report_activity: () => closed,
    });
    run.start('close_run', 'close-r', input);
    await run.untilEnded('close-r');
    const [report] = run.inputsOf('generate_report_activity');
    expect(report?.cleanup?.status).toBe('unknown');
    expect(report?.problems.map(({ where }) => where)).toEqual(['run', 'clean-up']);
  });

  it('does not begin a second clean-up beside one that is under way', async () => {
    run = rehearse({ verify_cleanup_activity: () => clean, generate_report_activity: () => closed });
    run.start('remove_leftovers', 'cleanup-r', { runId: 'r', policy: input.policy });
    run.start('close_run', 'close-r', input);
    await run.untilEnded('close-r');
    expect(run.inputsOf('generate_report_activity')[0]?.cleanup?.status).toBe('unknown');
    await run.untilEnded('cleanup-r');
    expect(run.inputsOf('verify_cleanup_activity').length).toBe(2);
  });
});
