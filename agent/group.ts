import type { EventStream } from './eventStream.ts';
import { announcedBefore, changesBetween, type Inventory, inventoryOf } from './inventory.ts';
import type { GroupResource, ResourceManager } from './resourceManager.ts';
import { runCommand } from './shell.ts';

const DELETE_TIMEOUT_MS = 20 * 60_000;
const DELETES_AT_ONCE = 4;

/** The agent's resource group: what appears in it and disappears is announced. */
export interface Group {
  /** Looks at the group and announces what has changed since the last look. Returns what is there. */
  look(): Promise<readonly GroupResource[]>;
  /** When the youngest resource that was announced came to be, in milliseconds since the epoch. */
  readonly announcedUntil: number;
  /**
   * Deletes what is in the group, round after round, for a resource may be held by another, until it is empty, nothing
   * moves any more, or `until` (milliseconds since the epoch) has come. Returns what is left.
   */
  clear(until: number, signal?: AbortSignal): Promise<readonly GroupResource[]>;
}

/** `announcedUntil` is that of the checkpoint from which the agent goes on. */
export function openGroup(
  resourceManager: ResourceManager,
  events: EventStream,
  env: Readonly<Record<string, string>>,
  announcedUntil: number,
): Group {
  let known: Inventory | undefined;
  let youngest = announcedUntil;

  async function look(): Promise<readonly GroupResource[]> {
    const resources = await resourceManager.listGroup();
    const now = inventoryOf(resources);
    const before = known ?? announcedBefore(resources, announcedUntil);
    for (const message of changesBetween(before, now)) await events.post(message);
    known = now;
    youngest = Math.max(youngest, ...resources.map(({ createdAt }) => createdAt));
    return resources;
  }

  async function remove({ id }: GroupResource, until: number, signal?: AbortSignal): Promise<void> {
    const timeoutMs = Math.max(1_000, Math.min(DELETE_TIMEOUT_MS, until - Date.now()));
    const options = { env, timeoutMs, ...(signal ? { signal } : {}) };
    await runCommand('az', ['resource', 'delete', '--ids', id], options);
  }

  return {
    look,
    get announcedUntil() {
      return youngest;
    },
    async clear(until, signal) {
      let left = await look();
      while (left.length > 0 && Date.now() < until && !signal?.aborted) {
        const before = left.length;
        // The youngest first: what came later often hangs on what was there before.
        const queue = left.toSorted((a, b) => b.createdAt - a.createdAt);
        const worker = async () => {
          for (let next = queue.shift(); next && Date.now() < until; next = queue.shift()) {
            await remove(next, until, signal);
          }
        };
        await Promise.all(Array.from({ length: DELETES_AT_ONCE }, worker));
        left = await look();
        if (left.length === before) break;
      }
      return left;
    },
  };
}
