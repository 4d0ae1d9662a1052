/** Texts that look like secrets wherever they come from. Each pattern keeps its first group. */
const PATTERNS: readonly RegExp[] = [
  /()-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /()\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]*/g,
  /()\bsk-ant-[\w-]{8,}/g,
  /((?:AccountKey|SharedAccessKey|SharedAccessSignature|Password|Pwd|ApiKey|AccessKey)\s*=\s*)[^;\s"']+/gi,
  /([?&](?:sig|code|key|token|access_token)=)[^&\s"']+/gi,
  /("[\w.-]*(?:password|passwd|secret(?:Text|Value)?|accessToken|access_token|connectionString|primaryKey|secondaryKey|primaryMasterKey|secondaryMasterKey|apiKey|key1|key2)"\s*:\s*")(?:[^"\\]|\\.)+/gi,
  /((?:authorization|ocp-apim-subscription-key|api-key|x-api-key)\s*:\s*(?:bearer\s+|basic\s+)?)\S+/gi,
  /(\s--?(?:[\w-]*password|client-secret|account-key|sas-token|connection-string|secret-value)[=\s]+)(?:"[^"]*"|'[^']*'|\S+)/gi,
  /(:\/\/[^\s:/@]+:)[^\s@/]+(?=@)/g,
  // Keys of storage accounts, registries and the like: long base64 with padding.
  /()(?<![\w+/])[A-Za-z0-9+/]{42,}={1,2}(?![\w=])/g,
  // Entra's client secrets.
  /()(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}/g,
];

const MASK = '***';
const SHORTEST_SECRET = 6;

/** Replaces secrets in a text. */
export type Scrub = (text: string) => string;

/**
 * A function that masks the `known` values (also as base64 and as part of a URL) and whatever looks like a secret. It is
 * the last thing between a text and the outside; what reaches events and logs has passed through it.
 */
export function createScrub(known: readonly (string | undefined)[]): Scrub {
  const values = known
    .filter((value): value is string => value !== undefined && value.length >= SHORTEST_SECRET)
    .flatMap((value) => [value, encodeURIComponent(value), Buffer.from(value).toString('base64')])
    .sort((a, b) => b.length - a.length);
  return (text) => {
    let clean = text;
    for (const value of values) clean = clean.replaceAll(value, MASK);
    for (const pattern of PATTERNS) clean = clean.replace(pattern, `$1${MASK}`);
    return clean;
  };
}

/** Scrubs every text inside a value: an object's members, a list's items. */
export function scrubDeep(scrub: Scrub, value: unknown): unknown {
  if (typeof value === 'string') return scrub(value);
  if (Array.isArray(value)) return value.map((item) => scrubDeep(scrub, item));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, scrubDeep(scrub, item)]));
}
