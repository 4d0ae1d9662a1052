import { z } from 'zod';
import type { Route } from './document.ts';
import type { FuzzRequest } from './requests.ts';

export interface FuzzAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
}

/** Says what is wrong with an answer, by the document; undefined when nothing is. */
export type Judge = (request: FuzzRequest, answer: FuzzAnswer) => string | undefined;

/** A judge for the routes of a document. Each schema is compiled once. */
export function createJudge(routes: readonly Route[]): Judge {
  const validators = new Map<string, z.ZodType>();
  for (const route of routes) {
    for (const [status, { content = {} }] of Object.entries(route.responses)) {
      for (const [type, { schema }] of Object.entries(content)) {
        validators.set(keyOf(route, status, type), z.fromJSONSchema(schema));
      }
    }
  }
  return ({ route: meant, target, strayPath }, { status, contentType, text }) => {
    // The host itself turns away what leads to no route, in its own words.
    if (strayPath && (status === 404 || status === 400) && !text.includes('"trace_id"')) return undefined;
    const route = strayPath ? routeOf(target, meant, routes) : meant;
    const documented = route.responses[String(status)];
    if (!documented) return `the status ${status} is not documented`;
    const type = contentType.split(';')[0]?.trim() ?? '';
    if (!documented.content) return text === '' ? undefined : 'a body is not documented';
    const validator = validators.get(keyOf(route, String(status), type));
    if (!validator) return `the content type "${type}" is not documented for ${status}`;
    const parsed = validator.safeParse(type === 'application/json' ? json(text) : text);
    return parsed.success ? undefined : z.prettifyError(parsed.error).slice(0, 500);
  };
}

/** Where a path with dots and empty segments leads: perhaps to another route than the one that was meant. */
function routeOf(target: string, meant: Route, routes: readonly Route[]): Route {
  const parts = segments(new URL(target, 'http://host').pathname);
  const matches = ({ method, path }: Route) => {
    const template = segments(path);
    if (method !== meant.method || template.length !== parts.length) return false;
    return template.every((part, index) => part.startsWith('{') || part === parts[index]?.toLowerCase());
  };
  return (
    routes.filter(matches).sort((a, b) => a.path.split('{').length - b.path.split('{').length)[0] ?? meant
  );
}

function segments(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

function keyOf({ method, path }: Route, status: string, type: string): string {
  return `${method} ${path} ${status} ${type}`;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return `not JSON: ${text.slice(0, 100)}`;
  }
}
