import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { completionTree } from '../../cli/completion/tree.ts';
import { createProgram } from '../../cli/program.ts';
import type { World } from '../../cli/session.ts';
import { Settings } from '../../src/config.ts';
import { LEVELS } from '../../src/log/events.ts';

const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...inFolder('docs'), ...inFolder('bench')];
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));

function inFolder(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.md'))
    .map((file) => `${folder}/${file}`);
}

/** What a command writes. */
const GENERATED = ['bench/results.json', 'cli/dist/haymaker.mjs'];

/** The anchors that GitHub makes of a document's headings. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}

function faultOf(document: string, link: string): string | undefined {
  const [target = '', anchor] = link.split('#');
  const file = target === '' ? document : normalize(join(dirname(document), target));
  if (!existsSync(file)) return `${document}: ${link} does not exist`;
  if (anchor && !anchorsOf(readFileSync(file, 'utf8')).includes(anchor))
    return `${document}: ${link} has no such heading`;
  return undefined;
}

describe.each(DOCUMENTS)('%s', (document) => {
  const text = readFileSync(document, 'utf8');

  it('links to what exists', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const relative = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(relative.flatMap((link) => faultOf(document, link) ?? [])).toEqual([]);
  });

  it('names npm scripts that exist', () => {
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, script = '']) => script);
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });

  it('names files of ours that exist', () => {
    const paths = [
      ...text.matchAll(/`((?:src|local|tests|infra|agent|cli|scenarios|bench)\/[\w./-]+\.\w+)`/g),
    ];
    expect(
      paths.map(([, path = '']) => path).filter((path) => !existsSync(path) && !GENERATED.includes(path)),
    ).toEqual([]);
  });
});

const OPERATOR_DOCUMENTS = ['operations', 'security', 'cost', 'upgrading'].map((name) => `docs/${name}.md`);
/** Settings of the platform, and names in capitals that are none. */
const NOT_OURS = /^(?:APPLICATIONINSIGHTS_\w+|OTEL_\w+|HAYMAKER_(?:URL|SCHEDULE)|JANITOR_SCHEDULE)$/;

describe.each(OPERATOR_DOCUMENTS)('%s, for operators,', (document) => {
  const text = readFileSync(document, 'utf8');

  it('names settings that the app knows', () => {
    const named = [...text.matchAll(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`/g)].map(
      ([, name = '']) => name,
    );
    const known = new Set(Object.keys(Settings.shape));
    expect(named.filter((name) => !known.has(name) && !NOT_OURS.test(name))).toEqual([]);
  });
});

const NOWHERE: World = {
  env: {},
  home: '',
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  catchInterrupt: () => new AbortController().signal,
};
/** The command's words and options; nothing is run, so that it needs no world to run in. */
const COMMANDS = completionTree(createProgram(NOWHERE));

describe.each([...OPERATOR_DOCUMENTS, 'README.md'])('%s', (document) => {
  it('shows commands of haymaker that exist, with options that exist', () => {
    const shown = [...readFileSync(document, 'utf8').matchAll(/(?:^|`)haymaker ([a-z][^`\n]*)/gm)];
    const faults = shown.flatMap(([, words = '']) => {
      const path = words
        .split(' ')
        .filter((_, at, all) => all.slice(0, at + 1).every((word) => /^[a-z]+$/.test(word)));
      const asked = `${path.join(' ')} `;
      const command = COMMANDS.findLast(
        ({ path: known, subcommands }) =>
          known !== '' && (subcommands.length > 0 ? asked === `${known} ` : asked.startsWith(`${known} `)),
      );
      const flags = words.match(/--[a-z-]+/g) ?? [];
      const known = command?.options.flatMap((option) => option.flags) ?? [];
      return command && flags.every((flag) => known.includes(flag)) ? [] : [words];
    });
    expect(faults).toEqual([]);
  });
});

describe('docs/operations.md', () => {
  const text = readFileSync('docs/operations.md', 'utf8');

  it('has every event of the log, and no other', () => {
    const rows = [...text.matchAll(/^\| (`[^|]+`) \| (info|warn|error) \|/gm)];
    const documented = rows.flatMap(([, names = '', level]) =>
      [...names.matchAll(/`(\w+)`/g)].map(([, name]) => [name, level]),
    );
    expect(Object.fromEntries(documented)).toEqual(LEVELS);
    expect(documented).toHaveLength(Object.keys(LEVELS).length);
  });

  it('explains every alert of the deployment', () => {
    const rules = [
      ...readFileSync('infra/modules/alerts.bicep', 'utf8').matchAll(/^ {4}name: '([a-z-]+)'$/gm),
    ];
    expect(rules.length).toBeGreaterThanOrEqual(6);
    const anchors = anchorsOf(text);
    expect(
      [...rules.map(([, name]) => name), 'dead-letters'].filter((name) => !anchors.includes(name ?? '')),
    ).toEqual([]);
  });
});

describe('docs/cost.md', () => {
  const text = readFileSync('docs/cost.md', 'utf8');
  const number = (cell = '') => Number(cell.replaceAll(/[*,\s]/g, ''));
  const row = (start: string) =>
    (text.split('\n').find((line) => line.replaceAll('*', '').startsWith(`| ${start}`)) ?? '')
      .split('|')
      .slice(2, 5)
      .map(number);

  it('reckons with the defaults of the app, the estimates of the scenarios and its own prices', () => {
    const costs = readdirSync('scenarios').flatMap((file) => {
      const cost = /^estimatedCostUsd: ([\d.]+)/m.exec(readFileSync(join('scenarios', file), 'utf8'))?.[1];
      return cost === undefined ? [] : [Number(cost)];
    });
    const mean = Number((costs.reduce((sum, cost) => sum + cost, 0) / costs.length).toFixed(2));
    const agent = 8 * 3_600 * (2 * 0.000024 + 4 * 0.000003);
    const sizes = [5, 15, 30];
    const containers = sizes.map((size) => Number((size * agent).toFixed(2)));
    const made = sizes.map((size) => Number((size * mean).toFixed(2)));
    expect(row("agents' containers")).toEqual(containers);
    expect(row('what the agents make')).toEqual(made);
    const runs = containers.map((cost, at) => Number((cost + (made[at] ?? 0)).toFixed(2)));
    expect(row('one run')).toEqual(runs);
    expect(row('four runs a day')).toEqual(runs.map((cost) => Math.round(cost * 120)));
  });

  it('adds up the executions', () => {
    const [activities, turns, messages] = ['activities', 'turns of', "agents' messages"].map(row);
    const sum = [0, 1, 2].map((at) =>
      [activities, turns, messages].reduce((all, one) => all + (one?.[at] ?? 0), 0),
    );
    expect(row('executions, if')).toEqual(sum);
    expect(row('executions a month')).toEqual(sum.map((executions) => executions * 120));
  });
});
