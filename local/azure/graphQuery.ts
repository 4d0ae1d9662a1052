import type { Reply, Request } from './core.ts';

/** A directory object as Microsoft Graph shows it. */
export type GraphObject = Readonly<Record<string, unknown>> & { readonly id: string };

const DEFAULT_PAGE = 100;
const MAX_PAGE = 999;

/** An error in the shape of Microsoft Graph. */
export function graphError(status: number, code: string, message: string): Reply {
  return { status, body: { error: { code, message, innerError: { date: new Date().toISOString() } } } };
}

export function notFound(key: string): Reply {
  return graphError(
    404,
    'Request_ResourceNotFound',
    `Resource '${key}' does not exist or one of its queried reference-property objects are not present.`,
  );
}

type Predicate = (object: GraphObject) => boolean;

/** The predicate of a $filter; a Reply when the stand-in, or Graph without advanced query support, refuses it. */
export function parseFilter(filter: string, advanced: boolean): Predicate | Reply {
  const alternatives: Predicate[] = [];
  for (const alternative of filter.split(/\s+or\s+/i)) {
    const terms: Predicate[] = [];
    for (const term of alternative.split(/\s+and\s+/i)) {
      const parsed = parseTerm(term.trim(), advanced);
      if (typeof parsed !== 'function') return parsed;
      terms.push(parsed);
    }
    alternatives.push((object) => terms.every((matches) => matches(object)));
  }
  return (object) => alternatives.some((matches) => matches(object));
}

const TAG = /^tags\/any\((\w+):\s*\1 eq '((?:[^']|'')*)'\)$/i;
const TAG_PREFIX = /^tags\/any\((\w+):\s*startswith\(\1,\s*'((?:[^']|'')*)'\)\)$/i;
const STARTS = /^startswith\((displayName|uniqueName),\s*'((?:[^']|'')*)'\)$/i;
const EQUALS = /^(id|appId|displayName|uniqueName)\s+eq\s+'((?:[^']|'')*)'$/i;

function parseTerm(term: string, advanced: boolean): Predicate | Reply {
  const [, , tag] = TAG.exec(term) ?? [];
  if (tag !== undefined) return (object) => tagsOf(object).includes(unquote(tag));
  const [, , tagPrefix] = TAG_PREFIX.exec(term) ?? [];
  if (tagPrefix !== undefined) {
    return (object) => tagsOf(object).some((t) => t.startsWith(unquote(tagPrefix)));
  }
  const [, startField, prefix] = STARTS.exec(term) ?? [];
  if (startField && prefix !== undefined) {
    if (/^uniqueName$/i.test(startField) && !advanced) return needsAdvanced(term);
    return (object) => textOf(object, startField).startsWith(unquote(prefix).toLowerCase());
  }
  const [, field, value] = EQUALS.exec(term) ?? [];
  if (field && value !== undefined) return (object) => textOf(object, field) === unquote(value).toLowerCase();
  return graphError(
    400,
    'Request_UnsupportedQuery',
    `The stand-in does not know the filter "${term}"; add it to local/azure/graphQuery.ts.`,
  );
}

function needsAdvanced(term: string): Reply {
  return graphError(
    400,
    'Request_UnsupportedQuery',
    `The filter "${term}" is an advanced query: send the header ConsistencyLevel: eventual and $count=true.`,
  );
}

const unquote = (literal: string) => literal.replaceAll("''", "'");

function tagsOf(object: GraphObject): string[] {
  return Array.isArray(object.tags) ? object.tags.map(String) : [];
}

function textOf(object: GraphObject, field: string): string {
  const key = Object.keys(object).find((k) => k.toLowerCase() === field.toLowerCase());
  return key === undefined ? '' : String(object[key] ?? '').toLowerCase();
}

/** A collection answered with $filter, $select, $top, $count and @odata.nextLink. */
export function collection(request: Request, objects: readonly GraphObject[]): Reply {
  const { query } = request;
  const advanced = query.$count === 'true' && /^eventual$/i.test(request.headers.consistencylevel ?? '');
  if (query.$search || query.$orderby || query.$expand) {
    return graphError(400, 'Request_UnsupportedQuery', 'The stand-in knows no $search, $orderby or $expand.');
  }
  const wanted = query.$filter ? parseFilter(query.$filter, advanced) : () => true;
  if (typeof wanted !== 'function') return wanted;
  const top = Number(query.$top ?? DEFAULT_PAGE);
  if (!Number.isInteger(top) || top < 1 || top > MAX_PAGE) {
    return graphError(400, 'Request_UnsupportedQuery', `Invalid page size specified: '${query.$top}'.`);
  }
  const found = objects.filter(wanted);
  const start = Number(query.$skiptoken ?? 0);
  const next = start + top < found.length ? { '@odata.nextLink': nextLink(request, start + top) } : {};
  return {
    status: 200,
    body: {
      '@odata.context': `https://${request.host}/v1.0/$metadata`,
      ...(query.$count === 'true' ? { '@odata.count': found.length } : {}),
      ...next,
      value: found.slice(start, start + top).map((object) => select(object, query.$select)),
    },
  };
}

function nextLink(request: Request, start: number): string {
  const query = new URLSearchParams({ ...request.query, $skiptoken: String(start) });
  return `https://${request.host}${request.path}?${query}`;
}

/** Keeps the properties that $select names. */
export function select(object: GraphObject, fields: string | undefined): Record<string, unknown> {
  if (!fields) return { ...object };
  const wanted = new Set(fields.split(',').map((f) => f.trim().toLowerCase()));
  return Object.fromEntries(Object.entries(object).filter(([key]) => wanted.has(key.toLowerCase())));
}
