import { MANAGED_TAG, RUN_TAG } from './naming.ts';

/**
 * True when the tags say that a thing is ours and of this run. Names of Azure tags are not case-sensitive
 * (learn.microsoft.com/azure/azure-resource-manager/management/tag-resources).
 */
export function isOurs(tags: Record<string, string> | undefined, runId: string | undefined): boolean {
  if (!tags || !runId) return false;
  const lowered = new Map(Object.entries(tags).map(([name, value]) => [name.toLowerCase(), value]));
  return (
    lowered.get(MANAGED_TAG.toLowerCase())?.toLowerCase() === 'true' &&
    lowered.get(RUN_TAG.toLowerCase()) === runId
  );
}
