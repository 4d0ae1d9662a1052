import type { createStorage } from '../azure/storage.ts';
import { admissionRecords } from './admissions.ts';
import { agentRecords } from './agents.ts';
import { cleanupRecords } from './cleanups.ts';
import { documentRecords } from './documents.ts';
import { eventRecords } from './events.ts';
import { forgetting } from './forget.ts';
import { ledgerRecords } from './ledger.ts';
import { logRecords } from './logs.ts';
import { proofRecords } from './proofs.ts';
import { resourceList } from './resourceList.ts';
import { runStarts } from './runStarts.ts';
import { PARTITION, RUNS, runRecords } from './runs.ts';
import { settling } from './settle.ts';
import { sightingRecords } from './sightings.ts';

export type Storage = ReturnType<typeof createStorage>;

/** The books of the system: what the API, the report and the clean-up read. Writing twice is harmless everywhere. */
export interface Records {
  readonly runs: ReturnType<typeof runRecords>;
  readonly agents: ReturnType<typeof agentRecords>;
  readonly ledger: ReturnType<typeof ledgerRecords>;
  readonly resources: ReturnType<typeof resourceList>;
  readonly events: ReturnType<typeof eventRecords>;
  readonly logs: ReturnType<typeof logRecords>;
  readonly documents: ReturnType<typeof documentRecords>;
  readonly admissions: ReturnType<typeof admissionRecords>;
  readonly cleanups: ReturnType<typeof cleanupRecords>;
  readonly proofs: ReturnType<typeof proofRecords>;
  readonly sightings: ReturnType<typeof sightingRecords>;
  readonly forget: ReturnType<typeof forgetting>;
}

export function createRecords(storage: Storage): Records {
  const starts = runStarts(storage, RUNS, PARTITION);
  const resources = resourceList(storage, starts);
  const documents = documentRecords(storage);
  return {
    runs: settling(runRecords(storage, starts), resources, documents),
    agents: agentRecords(storage, starts),
    ledger: ledgerRecords(storage, resources),
    resources,
    events: eventRecords(storage),
    logs: logRecords(storage),
    documents,
    admissions: admissionRecords(storage),
    cleanups: cleanupRecords(storage),
    proofs: proofRecords(storage),
    sightings: sightingRecords(storage),
    forget: forgetting(storage),
  };
}
