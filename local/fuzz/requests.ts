import fc from 'fast-check';
import type { JsonSchema, Route } from './document.ts';
import { NASTY_TEXTS, valuesOf } from './values.ts';

/** One request, as it goes over the wire. */
export interface FuzzRequest {
  readonly route: Route;
  /** Path and query as sent, percent-encoded or not. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  /** The path may not lead to the route at all: then the host answers, not the app. */
  readonly strayPath: boolean;
}

const DEEP = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
const BIG = JSON.stringify({ seed: 'x'.repeat(300 * 1024) });

/** Requests to all routes, with `known` values (ids, cursors) that lead into the app. */
export function requestsTo(routes: readonly Route[], known: readonly string[]): fc.Arbitrary<FuzzRequest> {
  return fc.constantFrom(...routes).chain((route) =>
    fc
      .record({
        path: pathOf(route, known),
        query: queryOf(route, known),
        headers: headersOf(known),
        body: route.requestBody ? bodyOf(route, known) : fc.constant(undefined),
      })
      .map(({ path, query, headers, body }) => ({
        route,
        target: query === '' ? path.text : `${path.text}?${query}`,
        strayPath: path.stray,
        headers: body ? { 'content-type': 'application/json', ...headers, ...body.headers } : headers,
        body: body?.bytes,
      })),
  );
}

function pathOf(route: Route, known: readonly string[]): fc.Arbitrary<{ text: string; stray: boolean }> {
  const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const segment = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom(...known).map((text) => ({ text: encodeURIComponent(text), stray: false })),
    },
    {
      weight: 2,
      arbitrary: fc.string({ minLength: 1 }).map((text) => ({ text: encoded(text), stray: true })),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(...NASTY_TEXTS).map((text) => ({ text: encoded(text), stray: true })),
    },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('..', '.', '%2e%2e', '%', '%zz', '%00', '%c0%af', '*', '{id}', '//')
        .map((text) => ({
          text,
          stray: true,
        })),
    },
  );
  return fc.tuple(...names.map(() => segment)).map((segments) => ({
    text: names.reduce(
      (path, name, index) => path.replace(`{${name}}`, segments[index]?.text ?? ''),
      route.path,
    ),
    stray: segments.some(({ stray }) => stray),
  }));
}

function queryOf(route: Route, known: readonly string[]): fc.Arbitrary<string> {
  const parameters = route.parameters.filter((parameter) => parameter.in === 'query');
  const given = parameters.map(({ name, schema }) =>
    fc.option(
      valueText(schema, known).map((text) => `${name}=${encoded(text)}`),
      { nil: '', freq: 2 },
    ),
  );
  const stray = fc.option(
    fc.tuple(fc.constantFrom('__proto__', 'limit', 'x', 'code', ''), fc.constantFrom(...NASTY_TEXTS)),
    { nil: undefined, freq: 8 },
  );
  return fc.tuple(fc.tuple(...given), stray).map(([pairs, extra]) => {
    const all = extra ? [...pairs, `${encoded(extra[0])}=${encoded(extra[1])}`] : pairs;
    return all.filter((pair) => pair !== '').join('&');
  });
}

function valueText(schema: JsonSchema, known: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 6, arbitrary: valuesOf(schema).map(String) },
    { weight: 3, arbitrary: fc.constantFrom(...known) },
    { weight: 2, arbitrary: fc.constantFrom(...NASTY_TEXTS) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  );
}

interface Body {
  readonly bytes: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

function bodyOf(route: Route, known: readonly string[]): fc.Arbitrary<Body | undefined> {
  const schema = route.requestBody?.content['application/json']?.schema ?? {};
  const json = (value: unknown): Body => ({ bytes: Buffer.from(JSON.stringify(value) ?? '') });
  return fc.oneof(
    { weight: 8, arbitrary: valuesOf(schema).map(json) },
    {
      weight: 6,
      arbitrary: fc.tuple(valuesOf(schema), mutation(known)).map(([value, change]) => json(change(value))),
    },
    { weight: 3, arbitrary: fc.jsonValue().map(json) },
    { weight: 2, arbitrary: fc.string().map((text) => ({ bytes: Buffer.from(text) })) },
    {
      weight: 1,
      arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => ({ bytes: Buffer.from(bytes) })),
    },
    { weight: 1, arbitrary: fc.constantFrom(...WRONG_BODIES) },
    { weight: 2, arbitrary: fc.constant(undefined) },
  );
}

const WRONG_BODIES: readonly Body[] = [
  { bytes: Buffer.from(DEEP) },
  { bytes: Buffer.from(BIG) },
  { bytes: Buffer.from('{"a":1}'), headers: { 'content-type': 'text/xml' } },
  { bytes: Buffer.from('{"a":1}'), headers: { 'content-type': 'application/json; charset=utf-16' } },
  { bytes: Buffer.from('{"a":1}'), headers: { 'content-encoding': 'gzip' } },
  { bytes: Buffer.from('{"scenario_name":"compute-01"}', 'utf16le') },
  { bytes: Buffer.from('\ufeff{}') },
  { bytes: Buffer.from('{"__proto__":{"scenarios":["compute-01"]}}') },
  { bytes: Buffer.from('{"seed":"\\ud800","scenarios":["compute-01"]}') },
  { bytes: Buffer.from('{"scenarios":["compute-01"],"duration_hours":1e400}') },
];

/** Replaces one field by something else, or adds one. */
function mutation(known: readonly string[]): fc.Arbitrary<(value: unknown) => unknown> {
  const wrong = fc.oneof(fc.constantFrom<unknown>(...NASTY_TEXTS, ...known), fc.jsonValue({ maxDepth: 2 }));
  return fc.tuple(fc.nat(), wrong).map(([index, replacement]) => (value: unknown) => {
    if (typeof value !== 'object' || value === null) return replacement;
    const keys = [...Object.keys(value), '__proto__', 'extra'];
    const key = keys[index % keys.length] ?? 'extra';
    return { ...value, [key]: replacement };
  });
}

function headersOf(known: readonly string[]): fc.Arbitrary<Record<string, string>> {
  const some = (values: readonly string[]) =>
    fc.option(fc.constantFrom(...values), { nil: undefined, freq: 3 });
  return fc
    .record({
      accept: some(['application/json', 'text/html', '*/*', ';;;', 'text/event-stream']),
      'idempotency-key': some(['one', 'two', 'k'.repeat(300), ' ', 'ümlaut']),
      'last-event-id': some([...known, '0', 'x'.repeat(2_000)]),
      'user-agent': some(['haymaker-cli/0.1.0', '', 'x'.repeat(1_000)]),
      'x-functions-key': some(['a', 'b']),
      authorization: some(['Bearer a.b.c', 'Basic eDp5', 'x']),
    })
    .map((headers) =>
      Object.fromEntries(
        Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
    );
}

/** Lone surrogates cannot be percent-encoded; a replacement character goes in their place. */
function encoded(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));
}
