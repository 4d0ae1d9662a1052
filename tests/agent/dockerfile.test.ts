import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AGENT_BUNDLE } from '../../local/stack/bundleAgent.ts';
import { REPOSITORY } from '../../local/stack/paths.ts';

interface Instruction {
  readonly name: string;
  readonly text: string;
}

const read = (file: string) => readFileSync(join(REPOSITORY, 'agent', file), 'utf8');

/** The instructions of a Dockerfile, each on one line, without comments. */
function instructions(dockerfile: string): Instruction[] {
  return dockerfile
    .split('\n')
    .filter((line) => !/^\s*#/.test(line) && line.trim() !== '')
    .join('\n')
    .replaceAll(/\\\n\s*/g, ' ')
    .split('\n')
    .map((line) => {
      const [, name = '', text = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
      return { name, text };
    });
}

const all = instructions(read('Dockerfile'));
const texts = (name: string) => all.filter((one) => one.name === name).map(({ text }) => text);
/** What is copied from the repository into the image. */
const copied = texts('COPY').flatMap((text) => text.split(/\s+/).slice(0, -1));

/** No Docker is needed for these: they read the file. Continuous integration builds it. */
describe("the agent's image", () => {
  it('has a base that is pinned by digest', () => {
    expect(texts('FROM')).toEqual([expect.stringMatching(/^node:22-bookworm-slim@sha256:[0-9a-f]{64}$/)]);
  });

  it('runs as an unprivileged user, who owns nothing of it, and gets signals itself', () => {
    const names = all.map(({ name }) => name);
    expect(texts('USER')).toEqual(['node']);
    expect(names.lastIndexOf('USER')).toBeGreaterThan(names.lastIndexOf('COPY'));
    expect(names.slice(names.indexOf('USER') + 1)).toEqual(['ENTRYPOINT']);
    expect(texts('COPY').join()).not.toContain('--chown');
    const [entry = ''] = texts('ENTRYPOINT');
    expect(JSON.parse(entry)).toEqual(['node', '/opt/haymaker/haymaker-agent.mjs']);
  });

  it('is made of files that the build leaves, and of no others', () => {
    expect(texts('ADD')).toEqual([]);
    expect(copied).toContain(AGENT_BUNDLE);
    const [nothing, ...kept] = read('Dockerfile.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(nothing).toBe('*');
    for (const source of copied) {
      const isSent = kept.some(
        (line) => line === `!${source}` || line.startsWith(`!${source.replace(/\/$/, '')}/`),
      );
      expect(isSent, `${source} is in the build's context`).toBe(true);
    }
  });

  it('holds no secret, neither in its settings nor in an argument of its build', () => {
    const settings = [...texts('ARG'), ...texts('ENV')].join('\n');
    expect(settings).not.toMatch(/secret|password|passwd|token|api_?key|connection|sk-ant-|credential/i);
    expect(texts('RUN').join('\n')).not.toMatch(/--mount=type=secret|login|\.npmrc|authorization/i);
  });

  it('installs from the network only what is pinned and signed', () => {
    const run = texts('RUN').join('\n');
    expect(run).toMatch(/"azure-cli=\$\{AZURE_CLI_VERSION\}"/);
    expect(texts('ARG').join()).toMatch(/AZURE_CLI_VERSION=\d+\.\d+\.\d+-1~bookworm/);
    for (const [url] of run.matchAll(/https?:\/\/\S+/g)) {
      expect(url).toMatch(/^https:\/\/packages\.microsoft\.com\//);
    }
    expect(run).toContain('signed-by=/usr/share/keyrings/microsoft.gpg');
    expect(run).toMatch(/\^fpr:\.\*:\$\{MICROSOFT_KEY\}:/);
    expect(run).not.toMatch(/\|\s*(?:ba)?sh\b|--allow-unauthenticated|--insecure|-k\b/);
  });
});
