import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleCli } from '../../local/stack/bundleCli.ts';
import { REPOSITORY } from '../../local/stack/paths.ts';
import { request } from './support/http.ts';
import { outcomeOf } from './support/run.ts';
import { type Target, target } from './support/target.ts';

const AUDIENCE = 'api://haymaker';

let at: Target;
beforeAll(async () => {
  await bundleCli(REPOSITORY);
  at = await target({ API_AUTH: 'entra', API_AUDIENCE: AUDIENCE });
});
afterAll(() => at?.stop());

/** Runs the command as the machine's own identity, with what it is told of the app in its environment. */
function haymaker(
  env: Record<string, string>,
  args = ['status'],
): Promise<{ code: number; out: string; err: string }> {
  const { NODE_USE_ENV_PROXY: _unused, ...settings } = at.stack?.environment ?? {};
  const home = mkdtempSync(path.join(tmpdir(), 'haymaker-e2e-'));
  const options = {
    env: { ...settings, HOME: home, PATH: process.env.PATH, HAYMAKER_ENDPOINT: at.url, ...env },
  };
  const file = path.join(REPOSITORY, 'cli', 'dist', 'haymaker.mjs');
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...args], options, (failed, out, err) =>
      resolve({ code: failed ? Number(failed.code) : 0, out, err }),
    );
  });
}

/** The app roles that the machine's identity has at the app from now on. */
async function grant(...roles: string[]): Promise<void> {
  const { status } = await request(`${at.controlUrl}/control/roles`, { body: { audience: AUDIENCE, roles } });
  expect(status).toBe(204);
}

describe.runIf(!process.env.HAYMAKER_URL)('haymaker against an app with API_AUTH=entra', () => {
  it('signs in for the audience it is told; without a role the app refuses, and says which is missing', async () => {
    const { code, err } = await haymaker({ HAYMAKER_AUDIENCE: AUDIENCE });
    expect(code).toBe(4);
    expect(err).toContain('HayMaker.Reader');
  });

  it('says that the audience is wrong when the app does not know it', async () => {
    const { code, err } = await haymaker({ HAYMAKER_AUDIENCE: 'https://management.azure.com' });
    expect(code).toBe(4);
    expect(err).toContain("Check that audience is the app's API_AUDIENCE");
  });

  it('says what is wanted, when it has nothing to sign in with', async () => {
    expect(await haymaker({})).toMatchObject({ code: 4, err: expect.stringContaining('(401)') });
  });

  it('reads with the role of a reader, and may not do more', async () => {
    await grant('HayMaker.Reader');
    const status = await haymaker({ HAYMAKER_AUDIENCE: AUDIENCE }, ['status', '--json']);
    expect(status).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(status.out)).toMatchObject({ status: 'idle', health: 'healthy' });
    const refused = await haymaker({ HAYMAKER_AUDIENCE: AUDIENCE }, ['deploy', '--scenario', 'compute-01']);
    expect(refused).toMatchObject({ code: 4, err: expect.stringContaining('HayMaker.Operator') });
  });

  it('starts and stops a run with the role of an operator', async () => {
    await grant('HayMaker.Operator');
    const env = { HAYMAKER_AUDIENCE: AUDIENCE };
    const started = await haymaker(env, ['deploy', '--scenario', 'compute-01', '--json']);
    expect(started).toMatchObject({ code: 0 });
    const { execution_id: id } = JSON.parse(started.out);
    const stopped = await haymaker(env, ['runs', 'stop', id]);
    expect(stopped).toMatchObject({ code: 0 });
    expect(await outcomeOf(at, id)).toMatchObject({ status: 'stopped', cleanupStatus: 'verified' });
  });
});
