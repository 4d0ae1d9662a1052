/** A kind of failure, how its message is recognised (Azure's error codes, HTTP statuses), and what to do next. */
interface Remedy {
  readonly kind: string;
  readonly pattern: RegExp;
  readonly advice: string;
}

/** First match wins: the particular before the general. */
const REMEDIES: readonly Remedy[] = [
  {
    kind: 'lock',
    pattern: /ScopeLocked|CanNotDelete|ReadOnly lock|\block(ed)?\b/i,
    advice:
      'Remove the lock (az lock list, az lock delete) if it may go; the janitor deletes the rest within the hour.',
  },
  {
    kind: 'policy',
    pattern: /RequestDisallowedByPolicy|PolicyViolation|\bpolicy\b/i,
    advice: 'An Azure Policy refuses this. Exempt resource groups named hm-*, or leave the scenario out.',
  },
  {
    kind: 'credentials',
    pattern: /AADSTS\d+|invalid_client|unauthorized_client|credentials? (has|have|is|are)? ?expired/i,
    advice:
      'Renew the credentials in Key Vault (main-sp-client-id, main-sp-client-secret) or check the managed identity.',
  },
  {
    kind: 'denied',
    pattern: /AuthorizationFailed|Forbidden|Insufficient privileges|access denied|not authorized|\b40[13]\b/i,
    advice:
      'Give the identity named in the message the missing role on that scope, wait five minutes, then start again.',
  },
  {
    kind: 'throttled',
    pattern: /TooManyRequests|throttl|\b429\b/i,
    advice:
      'Azure asked to slow down. Nothing to repair; if it happens in every run, choose a smaller simulation size.',
  },
  {
    kind: 'quota',
    pattern: /QuotaExceeded|quota|SkuNotAvailable|capacity/i,
    advice:
      'Ask for more quota in this region (az quota list), choose another LOCATION, or a smaller simulation size.',
  },
  {
    kind: 'provider',
    pattern: /MissingSubscriptionRegistration|NoRegisteredProviderFound|not registered/i,
    advice: 'Register the resource provider: az provider register --namespace <the one in the message>.',
  },
  {
    kind: 'image',
    pattern: /MANIFEST_UNKNOWN|ImagePull|image .*(not found|does not exist|cannot be pulled)/i,
    advice: 'Push the agent image, or correct CONTAINER_REGISTRY and CONTAINER_IMAGE.',
  },
  {
    kind: 'setting',
    pattern: /SettingError|\bsetting\b|\b[A-Z]+(_[A-Z]+)+ (is|must|should|was)\b/,
    advice: 'Correct the app setting that the message names and restart the function app.',
  },
  {
    kind: 'blocked',
    pattern: /Conflict|InUse|AnotherOperationInProgress|dependen|\b409\b|\b412\b/i,
    advice:
      'Something else holds it. Delete what depends on it, or wait for the other operation; the janitor tries again.',
  },
  {
    kind: 'unavailable',
    pattern: /ECONN\w+|ETIMEDOUT|ENOTFOUND|timed? ?out|did not answer|unavailable|\b50[0234]\b/i,
    advice:
      'The service did not answer. Look at Azure Service Health; if it is well, check network rules and private endpoints.',
  },
  {
    kind: 'exit',
    pattern: /exit(ed)?( with)?( code)? ?\d+|OOMKilled|out of memory|crash/i,
    advice:
      'Read the last lines of the agent’s log; when it ran out of memory, raise AGENT_MEMORY (and AGENT_CPU with it).',
  },
];

/** The kind of a failure from its message (`lock`, `denied`, `throttled`, ...); undefined when it is not a known one. */
export function failureKind(message: string): string | undefined {
  return REMEDIES.find(({ pattern }) => pattern.test(message))?.kind;
}

/** What to do next about a failure. `otherwise` is the answer for a message that no rule knows. */
export function adviceFor(message: string, otherwise: string): string {
  return REMEDIES.find(({ pattern }) => pattern.test(message))?.advice ?? otherwise;
}
