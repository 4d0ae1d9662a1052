import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Language, type Node, Parser } from 'web-tree-sitter';

/** The Bicep files of infra/, read with a grammar: the compiler itself cannot be had from a package registry. */
export const INFRA = path.resolve(import.meta.dirname, '../../../infra');

export interface BicepFile {
  /** Relative to infra/. */
  readonly path: string;
  readonly text: string;
  readonly root: Node;
}

let parser: Parser | undefined;

export async function parseBicep(text: string): Promise<Node> {
  if (!parser) {
    await Parser.init();
    const grammar = createRequire(import.meta.url).resolve('tree-sitter-bicep/tree-sitter-bicep.wasm');
    parser = new Parser().setLanguage(await Language.load(grammar));
  }
  const tree = parser.parse(text);
  if (!tree) throw new Error('the parser gave up');
  return tree.rootNode;
}

export async function bicepFiles(): Promise<BicepFile[]> {
  const names = readdirSync(INFRA, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.bicep'),
  );
  return Promise.all(
    names.sort().map(async (name) => {
      const text = readFileSync(path.join(INFRA, name), 'utf8');
      return { path: name, text, root: await parseBicep(text) };
    }),
  );
}

/** Where the text is not in the grammar, as line:column. */
export function syntaxErrors(root: Node): string[] {
  return all(root, (node) => node.isError || node.isMissing).map(
    ({ startPosition, text }) => `${startPosition.row + 1}:${startPosition.column + 1} ${text.slice(0, 60)}`,
  );
}

export function all(root: Node, wanted: (node: Node) => boolean): Node[] {
  const below = root.children.flatMap((child) => (child ? all(child, wanted) : []));
  return wanted(root) ? [root, ...below] : below;
}

export interface Declaration {
  readonly kind: 'parameter' | 'variable' | 'resource' | 'module' | 'output';
  readonly name: string;
  readonly node: Node;
  /** Of a resource or module: type@version, or the file. */
  readonly of: string;
}

export function declarations(root: Node): Declaration[] {
  return root.namedChildren.flatMap((node): Declaration[] => {
    const kind = node && /^(parameter|variable|resource|module|output)_declaration$/.exec(node.type)?.[1];
    if (!node || !kind) return [];
    const [name, second] = node.namedChildren;
    const of = second?.type === 'string' ? second.text.slice(1, -1) : '';
    return [{ kind: kind as Declaration['kind'], name: name?.text ?? '', node, of }];
  });
}

/** True for a parameter that may be left out. */
export function hasDefault({ node }: Declaration): boolean {
  return node.children.some((child) => child?.type === '=');
}

/** The body of a resource or module, or of each of its elements: the outermost object. */
export function bodyOf(declaration: Declaration): Node | undefined {
  return all(declaration.node, ({ type }) => type === 'object')[0];
}

/** The members of an object, by key; keys that are computed are left out. */
export function members(object: Node | undefined): Map<string, Node | undefined> {
  const pairs = (object?.namedChildren ?? []).filter((child) => child?.type === 'object_property');
  return new Map(
    pairs.map((pair) => [
      pair?.namedChildren[0]?.text.replace(/^'|'$/g, '') ?? '',
      pair?.namedChildren[1] ?? undefined,
    ]),
  );
}

const DECLARES = /_declaration$/;
const BINDS = new Set(['lambda_expression', 'for_statement', 'loop_variable', 'loop_enumerator']);

/** Names that an expression of the file refers to: symbols and functions, without those that a loop or lambda binds. */
export function references(root: Node): { name: string; line: number }[] {
  const bound = new Set(
    all(root, ({ type }) => BINDS.has(type)).flatMap((node) =>
      /^loop_/.test(node.type) ? [node.text] : [node.namedChildren[0]?.text ?? ''],
    ),
  );
  return all(root, ({ type }) => type === 'identifier')
    .filter((node) => {
      const { parent } = node;
      if (!parent || bound.has(node.text)) return false;
      const isFirst = parent.namedChildren[0]?.id === node.id;
      return !(isFirst && (DECLARES.test(parent.type) || parent.type === 'object_property'));
    })
    .map((node) => ({ name: node.text, line: node.startPosition.row + 1 }));
}

/** `outer.inner.leaf` wherever it is written in the file, as the parts of a path. */
export function memberPaths(root: Node): string[][] {
  return all(root, ({ type }) => type === 'member_expression').map(({ text }) => text.split('.'));
}
