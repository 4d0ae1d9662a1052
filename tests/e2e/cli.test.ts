import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleCli } from '../../local/stack/bundleCli.ts';
import { REPOSITORY } from '../../local/stack/paths.ts';
import { type Example, examplesIn, idsIn, matcherOf, normalized } from './support/cliDoc.ts';
import { request, until } from './support/http.ts';
import { type Target, target } from './support/target.ts';

const EXAMPLES = examplesIn(readFileSync(path.join(REPOSITORY, 'docs', 'cli.md'), 'utf8'));
const DOCUMENTED_PORT = 'http://127.0.0.1:7071';
/** What acts is done once; what looks is looked at until it is as documented. */
const ACTS = /haymaker (deploy|cleanup|config set|runs stop)/;

let at: Target;
let home: string;
let environment: Record<string, string>;
/** The ids of the document, and those that this stack gave instead. */
const ids = new Map<string, string>();

beforeAll(async () => {
  await bundleCli(REPOSITORY);
  at = await target();
  home = mkdtempSync(path.join(tmpdir(), 'haymaker-e2e-'));
  const bin = path.join(home, 'bin');
  mkdirSync(bin);
  symlinkSync(path.join(REPOSITORY, 'cli', 'dist', 'haymaker.mjs'), path.join(bin, 'haymaker'));
  symlinkSync(path.join(REPOSITORY, 'scenarios'), path.join(home, 'scenarios'));
  const inherited = `${bin}${path.delimiter}${path.dirname(process.execPath)}${path.delimiter}${process.env.PATH}`;
  // The app is on loopback; only what goes to Azure itself takes the proxy, and Azure's library knows it by itself.
  const { NODE_USE_ENV_PROXY: _unused, ...settings } = at.stack?.environment ?? {};
  environment = { ...settings, HOME: home, PATH: inherited };
  await request(`${at.controlUrl}/control/agents`, {
    body: { 'compute-01': 'clean', 'networking-01': 'leaves', 'webapps-01': 'clean' },
  });
  await request(`${at.url}/admin/functions/haymaker_janitor`, { body: {} });
});
afterAll(() => at?.stop());

/** Runs a command of the document in a shell; stdout and stderr as a terminal would mix them. */
function shell(command: string): Promise<string> {
  return new Promise((resolve) => {
    execFile('sh', ['-c', `exec 2>&1; ${command}`], { cwd: home, env: environment }, (_failed, stdout) =>
      resolve(stdout),
    );
  });
}

function onThisStack({ command }: Example): string {
  let here = command.replaceAll(DOCUMENTED_PORT, at.url);
  for (const [documented, actual] of ids) here = here.replaceAll(documented, actual);
  return here;
}

// The stand-in has to be behind the host: the examples decide how agents end.
describe.runIf(!process.env.HAYMAKER_URL)('docs/cli.md', () => {
  it('has every command', async () => {
    const used = new Set(EXAMPLES.map(({ command }) => command.replace(/^.*\| (?=haymaker)/, '')));
    const help = await shell('haymaker completion bash');
    const leaves = [...help.matchAll(/^ {6}"([^"]+)"\) words="-/gm)].map(([, words]) => words ?? '');
    expect(leaves.length).toBeGreaterThan(18);
    const withoutExample = leaves.filter(
      (words) =>
        words !== 'completion' && ![...used].some((command) => command.startsWith(`haymaker ${words}`)),
    );
    expect(withoutExample).toEqual([]);
  });

  it.each(EXAMPLES)('$line: $command', async (example) => {
    const expected = matcherOf(example.output.replace('/home/kim', home).replaceAll(DOCUMENTED_PORT, at.url));
    const command = onThisStack(example);
    const look = () => shell(command);
    const printed = ACTS.test(command)
      ? await look()
      : await until(look, (text) => expected.test(normalized(text)), 30_000).catch((error: unknown) =>
          // The assertion below shows the difference better than the last look does.
          look().then((text) => text || String(error)),
        );
    expect(normalized(printed)).toMatch(expected);
    const documented = idsIn(example.output);
    idsIn(printed).forEach((actual, index) => {
      const name = documented[index];
      if (name && !ids.has(name)) ids.set(name, actual);
    });
  });
});
