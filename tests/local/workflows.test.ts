import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';

const FOLDER = '.github/workflows';
const Permissions = z.record(z.string(), z.enum(['read', 'write', 'none']));
const Workflow = z.object({
  name: z.string(),
  on: z.union([z.string(), z.array(z.string()), z.record(z.string(), z.unknown())]),
  permissions: Permissions,
  jobs: z.record(
    z.string(),
    z.object({
      'runs-on': z.string(),
      'timeout-minutes': z.number(),
      permissions: Permissions,
      environment: z.string().optional(),
      needs: z.array(z.string()).optional(),
      steps: z.array(
        z.object({
          uses: z.string().optional(),
          run: z.string().optional(),
          with: z.record(z.string(), z.unknown()).optional(),
        }),
      ),
    }),
  ),
});

const files = readdirSync(FOLDER).map((file) => {
  const text = readFileSync(join(FOLDER, file), 'utf8');
  return { file, text, workflow: Workflow.parse(parse(text, { strict: true })) };
});
const jobs = files.flatMap(({ file, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ where: `${file}: ${name}`, file, job, workflow })),
);
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));

describe('the workflows', () => {
  it('are what the issue asks for: test, deploy, torture', () => {
    expect(files.map(({ file }) => file).sort()).toEqual(['deploy.yml', 'test.yml', 'torture.yml']);
  });

  it('use actions by commit, and say which version that is', () => {
    const uses = files.flatMap(({ file, text }) =>
      text
        .split('\n')
        .filter((line) => line.includes('uses:'))
        .map((line) => `${file}: ${line.trim()}`),
    );
    expect(uses.length).toBeGreaterThan(10);
    const pinned = /uses: [\w.-]+\/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
    expect(uses.filter((line) => !pinned.test(line))).toEqual([]);
  });

  it('use one commit of each action', () => {
    const commits = new Map<string, Set<string>>();
    for (const { job } of jobs)
      for (const { uses } of job.steps) {
        const [action, commit] = uses?.split('@') ?? [];
        if (action && commit) commits.set(action, (commits.get(action) ?? new Set()).add(commit));
      }
    expect([...commits].filter(([, found]) => found.size > 1)).toEqual([]);
  });

  it('grant nothing but what a job needs, job by job', () => {
    for (const { file, workflow } of files) expect(workflow.permissions, file).toEqual({});
    for (const { where, job } of jobs) {
      const signsIn = job.steps.some(({ uses }) => uses?.startsWith('azure/login@'));
      expect(job.permissions, where).toEqual({
        contents: 'read',
        ...(signsIn ? { 'id-token': 'write' } : {}),
      });
      expect(signsIn, where).toBe(job.environment !== undefined);
    }
  });

  it('need no secret, and leave no credential in the checkout', () => {
    for (const { file, text } of files) expect(text, file).not.toMatch(/\bsecrets\./);
    const checkouts = jobs.flatMap(({ job }) =>
      job.steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')),
    );
    expect(checkouts.filter((step) => step.with?.['persist-credentials'] !== false)).toEqual([]);
  });

  it('put nothing that a caller says into a script', () => {
    const scriptsWithExpressions = jobs.flatMap(({ where, job }) =>
      job.steps.filter(({ run }) => run?.includes('${{')).map(() => where),
    );
    expect(scriptsWithExpressions).toEqual([]);
  });

  it('name npm scripts, test files and jobs that exist', () => {
    const commands = jobs.flatMap(({ where, job }) => job.steps.map(({ run = '' }) => ({ where, run })));
    for (const { where, run } of commands) {
      for (const [, script = ''] of run.matchAll(/npm run ([\w:-]+)/g))
        expect(scripts, where).toHaveProperty([script]);
      for (const [, script = ''] of run.matchAll(/npm (test|start)\b/g))
        expect(scripts, where).toHaveProperty([script]);
      for (const [path] of run.matchAll(/tests\/[\w/.]+\.ts/g))
        expect(() => readFileSync(path), where).not.toThrow();
      for (const [path] of run.matchAll(/infra\/[\w/]+\.bicep(?=\s)/g))
        expect(() => readFileSync(path), where).not.toThrow();
    }
    for (const { where, job, workflow } of jobs)
      for (const need of job.needs ?? []) expect(workflow.jobs, where).toHaveProperty([need]);
  });

  it('deploy to environments that have parameters', () => {
    const deploy = parse(readFileSync(join(FOLDER, 'deploy.yml'), 'utf8'));
    const { options } = deploy.on.workflow_dispatch.inputs.environment;
    for (const name of options)
      expect(() => readFileSync(`infra/main.${name}.bicepparam`), name).not.toThrow();
    const template = readFileSync('infra/main.bicep', 'utf8');
    const asked = [...readFileSync(join(FOLDER, 'deploy.yml'), 'utf8').matchAll(/\.([A-Z_]+)\.value/g)];
    expect(asked.length).toBeGreaterThan(2);
    for (const [, output] of asked) expect(template).toContain(`output ${output} `);
  });
});

describe('the dev container', () => {
  it('has the node of the app and the port of the host, and the Core Tools of the workflow', () => {
    const container = JSON.parse(readFileSync('.devcontainer/devcontainer.json', 'utf8'));
    expect(container.image).toContain(':22-');
    expect(container.forwardPorts).toEqual([7071]);
    const tools = /azure-functions-core-tools@[\d.]+/.exec(container.postCreateCommand)?.[0] ?? 'none';
    expect(readFileSync(join(FOLDER, 'test.yml'), 'utf8')).toContain(tools);
  });
});
