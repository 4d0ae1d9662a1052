import { HostError } from './host-error.ts';

/** A parsed ASP.NET route template, as Azure Functions uses it. Parameters fill whole segments. */
export interface Route {
  readonly template: string;
  readonly segments: readonly Segment[];
}

type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | {
      readonly kind: 'parameter';
      readonly name: string;
      readonly optional: boolean;
      readonly accepts: RegExp | null;
    }
  | { readonly kind: 'rest'; readonly name: string };

const CONSTRAINTS: Readonly<Record<string, RegExp>> = {
  int: /^-?\d{1,10}$/,
  long: /^-?\d{1,19}$/,
  alpha: /^[a-z]+$/i,
  bool: /^(true|false)$/i,
  guid: /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i,
};

/** Parses templates such as `runs/{id:guid}/logs/{tail:int?}` and `files/{*path}`. Throws a HostError for anything else. */
export function parseRoute(template: string): Route {
  const segments = split(template).map((part): Segment => {
    const inner = /^\{(.+)\}$/.exec(part)?.[1];
    if (inner === undefined) {
      if (/[{}]/.test(part))
        throw new HostError(`Route "${template}": "${part}" mixes text and parameter; use one or the other.`);
      return { kind: 'literal', text: part.toLowerCase() };
    }
    if (inner.startsWith('*')) return { kind: 'rest', name: inner.replace(/^\*+/, '') };
    const optional = inner.endsWith('?');
    const [name = '', constraint] = (optional ? inner.slice(0, -1) : inner).split(':');
    const accepts = constraint === undefined ? null : CONSTRAINTS[constraint];
    if (accepts === undefined) {
      throw new HostError(
        `Route "${template}": constraint "${constraint}" is not one of ${Object.keys(CONSTRAINTS).join(', ')}.`,
      );
    }
    return { kind: 'parameter', name, optional, accepts };
  });
  return { template, segments };
}

/** The route parameters of a path (percent-decoded), or undefined when the route does not match it. */
export function matchRoute(route: Route, path: string): Record<string, string> | undefined {
  const parts = split(path);
  const parameters: Record<string, string> = {};
  let used = 0;
  for (const segment of route.segments) {
    const part = parts[used];
    if (segment.kind === 'rest') {
      parameters[segment.name] = parts.slice(used).map(decode).join('/');
      return parameters;
    }
    if (part === undefined) {
      if (segment.kind === 'parameter' && segment.optional) continue;
      return undefined;
    }
    const text = decode(part);
    if (segment.kind === 'literal') {
      if (text.toLowerCase() !== segment.text) return undefined;
    } else {
      if (segment.accepts && !segment.accepts.test(text)) return undefined;
      parameters[segment.name] = text;
    }
    used++;
  }
  return used === parts.length ? parameters : undefined;
}

/** Orders routes so that the first match is the right one: literals before parameters, parameters before the rest. */
export function compareRoutes(a: Route, b: Route): number {
  const length = Math.max(a.segments.length, b.segments.length);
  for (let index = 0; index < length; index++) {
    const difference = weight(a.segments[index]) - weight(b.segments[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function weight(segment: Segment | undefined): number {
  if (segment === undefined) return 4;
  if (segment.kind === 'literal') return 0;
  if (segment.kind === 'rest') return 5;
  return (segment.accepts ? 1 : 2) + (segment.optional ? 1 : 0);
}

function split(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A stray percent sign is legal in what a caller types; it stands for itself.
    return part;
  }
}
