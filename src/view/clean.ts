/** Control characters, and those that reverse the direction of writing. */
const DECEIVING = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Text as it may be shown: control characters and those that turn the direction of writing become U+FFFD, for they can make a
 * name look like another one (Unicode TR 36, bidirectional text spoofing). Tabs and line ends stay.
 */
export function cleanText(text: string): string {
  return text.replace(DECEIVING, (character) => (/[\t\n\r]/.test(character) ? character : '\ufffd'));
}

/** A JSON value of which every string, also every name of a member, may be shown. */
export function cleaned<T>(value: T): T {
  return clean(value) as T;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [cleanText(name), clean(member)]));
}
