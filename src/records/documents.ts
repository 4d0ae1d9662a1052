import type { CheckResult } from '../domain/check.ts';
import type { CleanupResult, CleanupRound } from '../domain/cleanup.ts';
import type { Report } from '../domain/report.ts';
import type { RunPlan } from '../domain/run.ts';
import type { Storage } from './records.ts';

const RUNS = 'runs';
const REPORTS = 'reports';

/** Whole documents of a run, as blobs: what is too large for a row or for the orchestration's history. */
export function documentRecords(storage: Storage) {
  const write = (path: string, document: unknown) =>
    storage.writeBlob(RUNS, path, JSON.stringify(document), 'application/json');
  const read = async <T>(path: string): Promise<T | undefined> => {
    const text: string | undefined = await storage.readBlob(RUNS, path);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  };

  return {
    saveChecks: (runId: string, checks: readonly CheckResult[]) => write(`${runId}/checks.json`, checks),
    checks: (runId: string) => read<CheckResult[]>(`${runId}/checks.json`),
    savePlan: (plan: RunPlan) => write(`${plan.runId}/plan.json`, plan),
    plan: (runId: string) => read<RunPlan>(`${runId}/plan.json`),
    saveCleanup: (runId: string, result: CleanupResult) => write(`${runId}/cleanup.json`, result),

    saveRound: (round: CleanupRound) => write(roundPath(round), round),
    round: (key: Pick<CleanupRound, 'runId' | 'sweep' | 'round'>) => read<CleanupRound>(roundPath(key)),
    /** Every round of every clean-up of the run, in the order in which they were asked. */
    async rounds(runId: string): Promise<CleanupRound[]> {
      const names = await storage.listBlobs(RUNS, `${runId}/cleanup/`);
      const rounds = await Promise.all(names.map((name) => read<CleanupRound>(name)));
      // By time: the janitor's rounds count from one again.
      return rounds
        .filter((round) => round !== undefined)
        .sort((a, b) => a.askedAt.localeCompare(b.askedAt) || a.round - b.round);
    },

    async report(runId: string): Promise<Report | undefined> {
      const text: string | undefined = await storage.readBlob(REPORTS, `${runId}/report.json`);
      return text === undefined ? undefined : (JSON.parse(text) as Report);
    },

    reportPath: (runId: string) => `${REPORTS}/${runId}/report.json`,

    /** The report as it was written; undefined while there is none. */
    reportText: (runId: string, format: 'json' | 'html') =>
      storage.readBlob(REPORTS, `${runId}/report.${format}`),

    /** Writes report.json and report.html. */
    async saveReport(report: Report, html: string): Promise<void> {
      const folder = report.runId;
      await storage.writeBlob(REPORTS, `${folder}/report.html`, html, 'text/html; charset=utf-8');
      await storage.writeBlob(REPORTS, `${folder}/report.json`, JSON.stringify(report), 'application/json');
    },
  };
}

function roundPath({ runId, sweep, round }: Pick<CleanupRound, 'runId' | 'sweep' | 'round'>): string {
  return `${runId}/cleanup/${sweep}/round-${String(round).padStart(4, '0')}.json`;
}
