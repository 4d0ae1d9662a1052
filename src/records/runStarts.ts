import { type ListQuery, listKey } from './list.ts';
import type { Storage } from './records.ts';

const REMEMBERED = 2_000;

/** No key begins with this: rows of a run that nobody has recorded. */
const NOWHERE = 'none|';

/** When runs started, which is part of every list key. It never changes, so it is asked for once. */
export function runStarts(storage: Storage, table: string, partition: string) {
  const known = new Map<string, string>();
  /** Questions under way: hundreds of rows of one run are often written side by side. */
  const asked = new Map<string, Promise<string | undefined>>();

  const remember = (runId: string, startedAt: string): void => {
    if (known.size >= REMEMBERED) known.clear();
    known.set(runId, startedAt);
  };

  return {
    remember,
    of: startOf,
    /** A list's rows of one run, which lie together. */
    async rowsOf(runId: string): Promise<Pick<ListQuery, 'prefix'>> {
      const startedAt = await startOf(runId);
      return { prefix: startedAt ? `${listKey(startedAt, runId)}|` : NOWHERE };
    },
  };

  /** ISO; undefined for a run that nobody has recorded. */
  async function startOf(runId: string): Promise<string | undefined> {
    const remembered = known.get(runId);
    if (remembered) return remembered;
    const question = asked.get(runId) ?? ask(runId).finally(() => asked.delete(runId));
    asked.set(runId, question);
    return question;
  }

  async function ask(runId: string): Promise<string | undefined> {
    const startedAt = (await storage.get(table, partition, runId))?.startedAt;
    if (typeof startedAt !== 'string' || startedAt === '') return undefined;
    remember(runId, startedAt);
    return startedAt;
  }
}
export type RunStarts = ReturnType<typeof runStarts>;
