import type { createStorage } from '../azure/storage.ts';
import { agentRecords } from './agents.ts';
import { documentRecords } from './documents.ts';
import { eventRecords } from './events.ts';
import { ledgerRecords } from './ledger.ts';
import { runRecords } from './runs.ts';

export type Storage = ReturnType<typeof createStorage>;

/** The books of the system: what the API, the report and the clean-up read. Writing twice is harmless everywhere. */
export interface Records {
  readonly runs: ReturnType<typeof runRecords>;
  readonly agents: ReturnType<typeof agentRecords>;
  readonly ledger: ReturnType<typeof ledgerRecords>;
  readonly events: ReturnType<typeof eventRecords>;
  readonly documents: ReturnType<typeof documentRecords>;
}

export function createRecords(storage: Storage): Records {
  return {
    runs: runRecords(storage),
    agents: agentRecords(storage),
    ledger: ledgerRecords(storage),
    events: eventRecords(storage),
    documents: documentRecords(storage),
  };
}
