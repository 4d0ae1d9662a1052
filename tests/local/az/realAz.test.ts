import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScript } from '../../../agent/shell.ts';
import { type SignedOutAgent, signedOutAgent } from '../../../local/az/real/agent.ts';
import { type RealAz, startRealAz } from '../../../local/az/real/realAz.ts';
import { type StandIn, startStandIn } from '../../../local/azure/standin.ts';
import { azPython } from '../../../local/scenarios/azCli.ts';

const GROUP = 'hm-0f1e2d3c-networking-01';
const hasAz = azPython() !== undefined;
if (!hasAz) console.warn('There is no Azure CLI on the PATH: --real-az is not tested.');

let home: string;
let standIn: StandIn;
let az: RealAz;
let agent: SignedOutAgent;

beforeAll(async () => {
  if (!hasAz) return;
  home = mkdtempSync(path.join(tmpdir(), 'real-az-'));
  mkdirSync(path.join(home, 'bin'));
  standIn = await startStandIn({ workDir: home, delays: { graphReplication: 0, resourceCreate: 50 } });
  az = await startRealAz();
  const program = path.join(home, 'bin', 'az');
  writeFileSync(program, `#!/bin/sh\nexec ${az.command} "$@"\n`);
  chmodSync(program, 0o755);
  agent = signedOutAgent(standIn, { group: GROUP, home });
}, 120_000);
afterAll(async () => {
  await az?.stop();
  await standIn?.stop();
  if (home) rmSync(home, { recursive: true, force: true });
});

const perform = (script: string) => runScript(script, { env: agent.env, timeoutMs: 120_000 });

describe.skipIf(!hasAz)('the Azure CLI of this machine', () => {
  it('signs in at the stand-in, makes what is its own, sees it, and is refused elsewhere', async () => {
    expect(await perform(agent.signIn)).toMatchObject({ exitCode: 0 });
    const made = await perform(
      'az network vnet create --resource-group "$RESOURCE_GROUP" --location "$LOCATION" --name "$NAME_PREFIX-vnet" --tags $TAGS --output none' +
        ' && az resource list --resource-group "$RESOURCE_GROUP" --query "[].type" --output tsv',
    );
    expect(made).toMatchObject({ exitCode: 0, stdout: 'Microsoft.Network/virtualNetworks\n' });
    const vnet = standIn.state.resources.list(({ name }) => name === 'hm0f1e2d3c-vnet')[0];
    expect(vnet?.tags).toMatchObject({ 'AzureHayMaker-managed': 'true' });
    const elsewhere = await perform('az group create --name elsewhere --location "$LOCATION"');
    expect(elsewhere.exitCode).not.toBe(0);
    expect(elsewhere.stderr).toContain('AuthorizationFailed');
  }, 240_000);

  it('ends with a word about it, and says so, when a command is none', () => {
    const { status, stderr } = spawnSync(path.join(home, 'bin', 'az'), ['no', 'such'], { encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toMatch(/misspelled or not recognized/);
  }, 60_000);
});
