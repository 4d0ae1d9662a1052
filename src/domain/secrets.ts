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

/** What stands in the place of a secret. */
export const MASK = '***';

/** The text without what looks like a secret, wherever it came from. */
export function maskSecrets(text: string): string {
  return PATTERNS.reduce((clean, pattern) => clean.replace(pattern, `$1${MASK}`), text);
}
