/** What a caller proves himself with: a function key, or an Entra token. */
export interface Credential {
  readonly kind: 'key' | 'token';
  readonly value: string;
}

const NAME = 'haymaker-credential';

/** How this app wants to be asked, as the shell says. */
export interface SignInKind {
  readonly kind: Credential['kind'];
  /** What an Entra token has to be for. */
  readonly audience: string | undefined;
}

export function signInKind(): SignInKind {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="haymaker-auth"]');
  return { kind: meta?.content === 'entra' ? 'token' : 'key', audience: meta?.dataset.audience };
}

let current: Credential | undefined = restore();

/** The credential of this tab. It is kept in memory and for the tab's session: never in the address, never for longer. */
export function credential(): Credential | undefined {
  return current;
}

export function keepCredential(given: Credential): void {
  current = given;
  try {
    sessionStorage.setItem(NAME, JSON.stringify(given));
  } catch {
    // A browser that keeps nothing: memory has it until the page is left.
  }
}

export function forgetCredential(): void {
  current = undefined;
  try {
    sessionStorage.removeItem(NAME);
  } catch {
    // Nothing was kept.
  }
}

function restore(): Credential | undefined {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(NAME) ?? 'null');
    if (typeof kept !== 'object' || kept === null || !('kind' in kept) || !('value' in kept))
      return undefined;
    const { kind, value } = kept;
    return (kind === 'key' || kind === 'token') && typeof value === 'string' ? { kind, value } : undefined;
  } catch {
    return undefined;
  }
}
