import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleCli } from '../../local/stack/bundleCli.ts';
import { REPOSITORY } from '../../local/stack/paths.ts';
import { type Target, target } from './support/target.ts';

const AUDIENCE = 'api://haymaker';

let at: Target;
beforeAll(async () => {
  await bundleCli(REPOSITORY);
  at = await target({ API_AUTH: 'entra', API_AUDIENCE: AUDIENCE });
});
afterAll(() => at?.stop());

/** Runs the command as the machine's own identity, with what it is told of the app in its environment. */
function haymaker(env: Record<string, string>): Promise<{ code: number; err: string }> {
  const { NODE_USE_ENV_PROXY: _unused, ...settings } = at.stack?.environment ?? {};
  const home = mkdtempSync(path.join(tmpdir(), 'haymaker-e2e-'));
  const options = {
    env: { ...settings, HOME: home, PATH: process.env.PATH, HAYMAKER_ENDPOINT: at.url, ...env },
  };
  const file = path.join(REPOSITORY, 'cli', 'dist', 'haymaker.mjs');
  return new Promise((resolve) => {
    execFile(process.execPath, [file, 'status'], options, (failed, _stdout, stderr) =>
      resolve({ code: failed ? Number(failed.code) : 0, err: stderr }),
    );
  });
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
});
