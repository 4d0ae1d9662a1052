/** What an attacker would write into a title, a tag, a name or a log line. Each one says alert when it is run. */
export const PAYLOADS = [
  '"><img src=x onerror=alert(1)>',
  '<script>alert(2)</script>',
  '</style></title></textarea></script><svg onload=alert(3)>',
  'javascript:alert(4)//',
  `'-alert(5)-'\${alert(6)}{{constructor.constructor('alert(7)')()}}`,
  '<iframe srcdoc="<script>parent.alert(8)</script>"></iframe><base href=//evil.example>',
  '<a href="javascript:alert(9)" onfocus=alert(10) autofocus>\u202ereversed\u0007',
] as const;
export const HOSTILE = PAYLOADS.join(' ');

/** Words of a closed vocabulary: what the app itself chooses and nobody else can write. */
const CLOSED = new Set([
  ...['status', 'state', 'phase', 'kind', 'outcome', 'verdict', 'source', 'trigger', 'level', 'severity'],
  ...['cleanup_status', 'cleanupStatus', 'event_type', 'health', 'algorithm', 'canonical', 'removedBy'],
]);
const INSTANT = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/;

/** The same data with the hostile text behind every string that is neither a time nor a word of a closed vocabulary. */
export function hostile<T>(value: T, key = ''): T {
  if (typeof value === 'string') {
    const isClosed = CLOSED.has(key) && /^[a-zA-Z0-9_/-]+$/.test(value);
    return (isClosed || INSTANT.test(value) ? value : `${value} ${HOSTILE}`) as T;
  }
  if (Array.isArray(value)) return value.map((one) => hostile(one, key)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, hostile(one, name)])) as T;
}
