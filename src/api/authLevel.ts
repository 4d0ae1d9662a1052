/**
 * The level that the platform enforces, which has to be known when the functions are registered: the one setting that is
 * read then. Reading it cannot fail, and any value but "entra" leaves the platform's key in charge; a wrong one is
 * reported by readConfig with the first request.
 */
export function apiAuthLevel(env: Readonly<Record<string, string | undefined>>): 'function' | 'anonymous' {
  return env.API_AUTH === 'entra' ? 'anonymous' : 'function';
}
