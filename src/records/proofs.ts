import { odata } from '@azure/data-tables';
import type { ChainLink } from '../domain/report.ts';
import type { Storage } from './records.ts';

const PROOFS = 'Proofs';
const CHAIN = 'chain';
/** Rows are sorted by key: counting down, the newest link comes first. */
const LAST_KEY = 9_999_999_999;

interface Position extends ChainLink {
  readonly position: number;
}

/** The table Proofs: the runs that were proven clean, each row a link of one chain; the row's key is its position. */
export function proofRecords(storage: Storage) {
  const read = async (filter: string): Promise<Position | undefined> => {
    for await (const row of storage.query(PROOFS, filter)) {
      return { runId: String(row.runId), digest: String(row.digest), position: Number(row.position) };
    }
    return undefined;
  };

  return {
    /** The end of the chain; undefined while there is none. */
    newest: (): Promise<Position | undefined> => read(odata`PartitionKey eq ${CHAIN}`),

    async isLinked({ runId, digest }: ChainLink): Promise<boolean> {
      const same = odata`PartitionKey eq ${CHAIN} and digest eq ${digest} and runId eq ${runId}`;
      return (await read(same)) !== undefined;
    },

    /** Adds a link behind `previous`. False when another run got in first: then the chain has another end. */
    async link(link: ChainLink, previous: Position | undefined, at: string): Promise<boolean> {
      const position = (previous?.position ?? 0) + 1;
      const rowKey = String(LAST_KEY - position).padStart(10, '0');
      const previousDigest = previous?.digest;
      const row = { partitionKey: CHAIN, rowKey, position, ...link, previousDigest, at };
      if (await storage.insertOnce(PROOFS, row)) return true;
      // The answer to an insertion of ours may have been lost.
      return (await storage.get(PROOFS, CHAIN, rowKey))?.digest === link.digest;
    },
  };
}
