import { parseArmId } from '../azure/armId.ts';
import { Denied, SettingError } from '../domain/errors.ts';
import type { Services } from '../services.ts';

/** What the app must be able to see in the target subscription, always. */
export interface Canary {
  readonly resourceId: string;
  readonly groupId: string;
  readonly groupName: string;
}

/**
 * The canary of the sources that look at the target subscription: the Container Apps environment and its group, which
 * exist as long as HayMaker is deployed, or what CANARY_RESOURCE_ID names when the agents work in another subscription.
 * SettingError when it does not lie in the target subscription, for then it proves nothing.
 */
export async function canaryOf(services: Services): Promise<Canary> {
  const { canaryId } = services.config;
  const { subscriptionId } = await services.target();
  const parsed = parseArmId(canaryId);
  if (parsed.kind === 'group' || !parsed.group || !sameText(parsed.subscriptionId, subscriptionId)) {
    throw new SettingError(
      `CANARY_RESOURCE_ID: ${canaryId} is not a resource in the target subscription ${subscriptionId}, so nothing proves that we can see there. Set it to a resource there that is never removed.`,
    );
  }
  const groupId = `/subscriptions/${subscriptionId}/resourceGroups/${parsed.group}`;
  return { resourceId: canaryId, groupId, groupName: parsed.group };
}

/**
 * Lets "nothing found" count only with proven sight: an identity that lost its rights gets empty lists, not refusals
 * (Resource Graph, and ARM's lists of groups and resources, show only what the caller may read).
 * @throws Denied when what must be visible is not
 */
export function mustSee(seen: boolean, what: string): void {
  if (seen) return;
  throw new Denied(
    `cannot prove its sight: ${what} must be visible in the same answer and is not, so that nothing else in it counts. Check the rights of the app's identity.`,
  );
}

export function sameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
