import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadPki } from '../../local/azure/pki.ts';
import { startAzurite } from '../../local/stack/azurite.ts';
import { createFleet, type Fleet } from '../../local/stack/fleet.ts';

let folder: string;
let fleet: Fleet;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'haymaker-azurite-'));
  fleet = createFleet(() => {});
});
afterEach(async () => {
  await fleet.stop();
  rmSync(folder, { recursive: true, force: true });
});

function statusOf(port: number, ca: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path: '/sthaymaker?comp=list', ca }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

it('serves the account over TLS on three ports of its own choice, and refuses strangers', async () => {
  const pki = await loadPki(folder);
  const ports = await startAzurite(fleet, folder, pki);
  expect(new Set(Object.values(ports)).size).toBe(3);
  expect(await statusOf(ports.blob, readFileSync(pki.caPath, 'utf8'))).toBe(403);
  await fleet.stop();
  await expect(statusOf(ports.blob, pki.ca)).rejects.toThrow(/ECONNREFUSED/);
});
