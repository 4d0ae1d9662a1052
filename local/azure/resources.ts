import type { StoredResource } from './core.ts';

/** Type of resource groups in the store; Resource Graph has another name for it. */
export const GROUP_TYPE = 'Microsoft.Resources/resourceGroups';

/** A change of the store: what the resource is from now on, undefined when it is gone; then also what it was. */
export type ChangeListener = (
  id: string,
  resource: StoredResource | undefined,
  removed?: StoredResource,
) => void;

/**
 * Every resource group and resource of the subscription, whatever provider it belongs to: the one source of truth that
 * ARM, Resource Graph and the inspection of leftovers read. Ids are compared without regard to case.
 */
export class ResourceStore {
  private readonly byId = new Map<string, StoredResource>();
  private readonly listeners: ChangeListener[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly now: () => number;

  constructor(now: () => number) {
    this.now = now;
  }

  /** Is told about every put and every removal, after it happened. */
  onChange(listener: ChangeListener): void {
    this.listeners.push(listener);
  }

  put(resource: StoredResource): void {
    this.byId.set(resource.id.toLowerCase(), resource);
    this.tell(resource.id, resource);
  }

  get(id: string): StoredResource | undefined {
    this.sweep();
    return this.byId.get(id.toLowerCase());
  }

  /** All resources below `scope` (a subscription, group or parent resource), without the scope itself. */
  below(scope: string): StoredResource[] {
    const prefix = `${scope.toLowerCase()}/`;
    return this.list((r) => r.id.toLowerCase().startsWith(prefix));
  }

  list(wanted: (resource: StoredResource) => boolean = () => true): StoredResource[] {
    this.sweep();
    return [...this.byId.values()].filter(wanted);
  }

  /** Marks a resource as being deleted; it and everything below it is gone after `ms`. */
  beginDelete(id: string, ms: number): void {
    const resource = this.byId.get(id.toLowerCase());
    if (!resource || resource.deletingUntil !== undefined) return;
    resource.deletingUntil = this.now() + ms;
    this.tell(resource.id, resource);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.sweep();
    }, ms + 1);
    timer.unref();
    this.timers.add(timer);
  }

  /** Removes a resource and everything below it at once. */
  remove(id: string): void {
    const key = id.toLowerCase();
    for (const [candidate, resource] of this.byId) {
      if (candidate !== key && !candidate.startsWith(`${key}/`)) continue;
      this.byId.delete(candidate);
      this.tell(resource.id, undefined, resource);
    }
  }

  /** Forgets the pending deletions, so that the process can end. */
  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private sweep(): void {
    const now = this.now();
    for (const resource of [...this.byId.values()]) {
      if (resource.deletingUntil !== undefined && resource.deletingUntil <= now) this.remove(resource.id);
    }
  }

  private tell(id: string, resource: StoredResource | undefined, removed?: StoredResource): void {
    for (const listener of this.listeners) listener(id, resource, removed);
  }
}
