import type { Lock } from '../azure/resources.ts';
import { Blocked, Denied, ensureError } from '../domain/errors.ts';

const LONGEST_REASON = 300;

/**
 * Why a deletion did not happen, in words: "held by lock keep (CanNotDelete) on the group rg-x", "Subnet a is in use by
 * networkInterfaces/nic-1", "no right to delete: Microsoft.Network/virtualNetworks/delete". `locks` are those at the scope
 * when Azure says that there are some.
 */
export function reasonOf(thrown: unknown, locks: readonly Lock[] = []): string {
  const error = ensureError(thrown);
  if (locks.length > 0) return `held by ${locks.map(lockWords).join(' and ')}`;
  if (error instanceof Denied) {
    const action = /action '([^']+)'/.exec(error.message)?.[1];
    return action ? `no right to delete: ${action}` : shorten(error.message);
  }
  // "deleting <id>: <what Azure says> (<status> <code>). <advice>": what Azure says first is the reason.
  const said = /^.*?: (.*?)(?:\.\s|\s\(\d{3}|$)/.exec(shortIds(error.message))?.[1];
  return shorten(said ?? error.message);
}

/** True when Azure refuses because of a lock: who holds it is worth asking. */
export function isLocked(thrown: unknown): boolean {
  return thrown instanceof Blocked && thrown.code === 'ScopeLocked';
}

function lockWords({ name, level, scope }: Lock): string {
  return `lock ${name} (${level}) on ${shortIds(scope)}`;
}

/** ARM ids are longer than what they tell: the type and the name of the last part, or the group. */
function shortIds(text: string): string {
  return text.replace(
    /\/subscriptions\/[^/\s'"]+(?:\/resourceGroups\/([^/\s'"]+))?(?:\/providers\/[^/\s'"]+\/([^\s'",]+))?/gi,
    (whole, group: string | undefined, rest: string | undefined) => {
      if (rest) return rest.split('/').slice(0, 2).join('/');
      return group ? `the group ${group}` : whole.includes('/') ? 'the subscription' : whole;
    },
  );
}

function shorten(text: string): string {
  return text.length > LONGEST_REASON ? `${text.slice(0, LONGEST_REASON - 1)}…` : text;
}
