import type { Storage } from './records.ts';

const LIMITS = 'Limits';
const ROW = 'on-demand-runs';

/** A run that was let in: when (ISO). */
export interface Admission {
  readonly runId: string;
  readonly at: string;
}

/** What was let in lately, with the version that a change has to be based on; `etag` is undefined before the first. */
export interface AdmissionBook {
  readonly admissions: readonly Admission[];
  readonly etag: string | undefined;
}

/** The table Limits: one row, changed only by those who have seen its last version, so that no two instances let in one too many. */
export function admissionRecords(storage: Storage) {
  return {
    async read(): Promise<AdmissionBook> {
      const version = await storage.getVersion(LIMITS, LIMITS, ROW);
      if (!version) return { admissions: [], etag: undefined };
      return { admissions: JSON.parse(String(version.entity.admissions)), etag: version.etag };
    },

    /** False when somebody else was faster: read again and decide anew. */
    async write({ admissions, etag }: AdmissionBook): Promise<boolean> {
      const row = { partitionKey: LIMITS, rowKey: ROW, admissions: JSON.stringify(admissions) };
      return etag === undefined ? storage.insertOnce(LIMITS, row) : storage.replaceIf(LIMITS, row, etag);
    },
  };
}
