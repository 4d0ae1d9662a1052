import type { LedgerChange, LedgerEntry, LedgerKind } from '../domain/ledger.ts';
import type { Records } from '../records/records.ts';
import type { IdentityInput, IdentitySoFar } from './contracts.ts';

/** What one call of an agent's provisioning makes, and what of it stands in the ledger. */
export interface IdentityBook {
  /** What the calls before have made. */
  readonly soFar: IdentitySoFar;
  /** Writes down what is about to be made, unless a call before has. Must be awaited before any of it is made. */
  intend(things: readonly Pick<LedgerEntry, 'kind' | 'id'>[]): Promise<void>;
  /** Something is there, and `news` for the next call. */
  note(kind: LedgerKind, id: string, news?: IdentitySoFar, directory?: LedgerEntry['directory']): void;
  /** Writes into the ledger what was noted, all of it at once. */
  close(): Promise<void>;
  /** For the next call: all that was made and stands in the ledger. Undefined while not even the intent does. */
  written(): IdentitySoFar | undefined;
}

/** The book of one call. */
export function identityBook(
  ledger: Records['ledger'],
  { scope, agent, soFar }: IdentityInput,
): IdentityBook {
  const { runId } = scope;
  const { agentId } = agent;
  const created: LedgerChange[] = [];
  let made = soFar ?? {};
  let written = soFar;
  return {
    soFar: soFar ?? {},
    async intend(things) {
      if (written) return;
      const intent = { runId, agentId, source: 'orchestrator', at: new Date().toISOString() } as const;
      await ledger.intend(...things.map((thing) => ({ ...intent, ...thing })));
      written = {};
    },
    note(kind, id, news = {}, directory) {
      made = { ...made, ...news };
      created.push({ runId, kind, id, change: { state: 'created', ...(directory ? { directory } : {}) } });
    },
    async close() {
      await ledger.noteAll(created);
      if (written) written = made;
    },
    written: () => written,
  };
}
