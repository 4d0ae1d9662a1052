import { type Document, isMap, isNode, isSeq, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { ScenarioFrontMatter } from '../domain/scenario.ts';
import type { Fault } from './document.ts';

export type FrontMatterResult =
  | {
      readonly ok: true;
      readonly frontMatter: ScenarioFrontMatter;
      readonly bodyStart: number;
      readonly idLine: number;
    }
  | { readonly ok: false; readonly fault: Fault };

const FENCE = '---';

/**
 * Reads the YAML between the two `---` lines at the top of a document. `bodyStart` is the index of the line after them.
 * A fault names the line of the key that is wrong, or line 1 for a key that is missing.
 */
export function readFrontMatter(lines: readonly string[]): FrontMatterResult {
  if (lines[0]?.trimEnd() !== FENCE) {
    return failed(1, 'the document must begin with a line --- and YAML front matter');
  }
  const end = lines.findIndex((line, index) => index > 0 && line.trimEnd() === FENCE);
  if (end === -1) return failed(1, 'the front matter is not closed: add a line --- after it');

  const counter = new LineCounter();
  const document = parseDocument(lines.slice(1, end).join('\n'), {
    lineCounter: counter,
    prettyErrors: false,
  });
  // The YAML begins on line 2 of the file.
  const lineOf = (offset: number): number => Math.min(counter.linePos(offset).line + 1, end);
  const syntax = document.errors[0];
  if (syntax) return failed(lineOf(syntax.pos[0]), `the front matter is not YAML: ${syntax.message}`);

  // Aliases are of no use in front matter, and a few of them can unfold into gigabytes.
  const alias = firstAlias(document);
  if (alias !== undefined) return failed(lineOf(alias), 'the front matter must not use YAML aliases');
  const value: unknown = document.toJS();

  const parsed = ScenarioFrontMatter.safeParse(value);
  if (parsed.success) {
    const idLine = lineOf(offsetOf(document.contents, ['id']) ?? 0);
    return { ok: true, frontMatter: parsed.data, bodyStart: end + 1, idLine };
  }

  const issue = parsed.error.issues[0];
  const path = issue ? pathOf(issue) : [];
  const offset = offsetOf(document.contents, path);
  return failed(offset === undefined ? 1 : lineOf(offset), describe(issue, path, value));
}

function failed(line: number, reason: string): FrontMatterResult {
  return { ok: false, fault: { line, reason } };
}

function firstAlias(document: Document): number | undefined {
  let offset: number | undefined;
  visit(document, {
    Alias(_, node) {
      offset = node.range?.[0] ?? 0;
      return visit.BREAK;
    },
  });
  return offset;
}

/** The path of the offending value; for an unknown key zod names the object, and we want the key. */
function pathOf(issue: z.core.$ZodIssue): readonly PropertyKey[] {
  return issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
}

/** Where the last part of `path` that exists begins: a key in a map, an item in a list. */
function offsetOf(root: unknown, path: readonly PropertyKey[]): number | undefined {
  let node = root;
  let offset: number | undefined;
  for (const part of path) {
    let next: Node | undefined;
    if (isMap(node)) {
      const pair = node.items.find((item) => isNode(item.key) && String(item.key) === String(part));
      if (!pair || !isNode(pair.key)) return offset;
      offset = pair.key.range?.[0];
      next = isNode(pair.value) ? pair.value : undefined;
    } else if (isSeq(node)) {
      const item = node.items[Number(part)];
      next = isNode(item) ? item : undefined;
      offset = next?.range?.[0] ?? offset;
    }
    node = next;
  }
  return offset;
}

function describe(issue: z.core.$ZodIssue | undefined, path: readonly PropertyKey[], value: unknown): string {
  const name = path.map(String).join('.');
  if (!issue || path.length === 0) return 'the front matter must be a list of keys and values';
  if (issue.code === 'unrecognized_keys') {
    return `front matter: unknown key "${name}"; known are ${Object.keys(ScenarioFrontMatter.shape).join(', ')}`;
  }
  const isMissing = path.length === 1 && !Object.hasOwn(Object(value), String(path[0]));
  return isMissing ? `front matter: "${name}" is missing` : `front matter: "${name}": ${issue.message}`;
}
