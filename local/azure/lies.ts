import { z } from 'zod';
import type { StoredResource } from './core.ts';
import { GROUP_TYPE, type ResourceStore } from './resources.ts';

/**
 * Ways in which the cloud does not tell the truth, all of which have been seen in Azure.
 * - `index`: Resource Graph knows nothing, knows only half and says `resultTruncated`, or hands out one row a page.
 * - `groupDeletionLeaves`: the first deletion of a group reports success, and the group is still there with a resource.
 * - `reappearAfterMs`: a group that is gone comes back once, with one of its resources.
 */
export const LiesBody = z.strictObject({
  index: z.enum(['empty', 'truncated', 'single-rows']).nullable().default(null),
  groupDeletionLeaves: z.boolean().default(false),
  reappearAfterMs: z.number().int().positive().nullable().default(null),
});
type Lying = z.infer<typeof LiesBody>;

/** The lies that are told at the moment; each group is lied about once. */
export class Lies {
  #now: Lying = LiesBody.parse({});
  readonly #spared = new Set<string>();
  readonly #returned = new Set<string>();
  readonly #known = new Map<string, StoredResource>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #resources: ResourceStore;

  constructor(resources: ResourceStore) {
    this.#resources = resources;
    resources.onChange((id, resource) => {
      if (resource) this.#known.set(id.toLowerCase(), { ...resource });
      else this.#gone(id.toLowerCase());
    });
  }

  get index(): Lying['index'] {
    return this.#now.index;
  }

  tell(lying: Lying): void {
    this.#now = lying;
  }

  /** True when the deletion of this group is to leave something behind. */
  spares(groupId: string): boolean {
    const key = groupId.toLowerCase();
    if (!this.#now.groupDeletionLeaves || this.#spared.has(key)) return false;
    this.#spared.add(key);
    return true;
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #gone(groupId: string): void {
    const group = this.#known.get(groupId);
    const delay = this.#now.reappearAfterMs;
    if (delay === null || group?.type !== GROUP_TYPE || this.#returned.has(groupId)) return;
    this.#returned.add(groupId);
    const resource = [...this.#known.values()].find(({ id }) => id.toLowerCase().startsWith(`${groupId}/`));
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      for (const back of [group, ...(resource ? [resource] : [])]) this.#resources.put(alive(back));
    }, delay);
    this.#timers.add(timer.unref());
  }
}

function alive({ deletingUntil: _, ...resource }: StoredResource): StoredResource {
  return resource;
}
