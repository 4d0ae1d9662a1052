import { describe, expect, it } from 'vitest';
import { appSettings, IDS } from '../local/world.ts';
import { readConfig } from '../src/config.ts';
import { SettingError } from '../src/domain/errors.ts';

const settings = appSettings();
const without = (name: string) =>
  Object.fromEntries(Object.entries(settings).filter(([key]) => key !== name));

describe('settings', () => {
  it('have defaults for everything that is not required', () => {
    const config = readConfig(settings);
    expect(config).toMatchObject({
      runSeconds: 8 * 3_600,
      checkIntervalSeconds: 900,
      graceSeconds: 900,
      simulationSize: 'small',
      cleanup: { rounds: 20, cleanPasses: 2, passIntervalSeconds: 60 },
      schedule: '0 0 0,6,12,18 * * *',
      agentCpu: 2,
      agentMemory: '4Gi',
      allowPrivileged: false,
      selection: { weights: {}, excluded: [], minAreas: 10, avoidRepeats: false },
      storage: { account: 'sthaymaker' },
      image: {
        repository: 'haymaker/agent',
        reference: '1.0.0',
        full: 'acrhaymaker.azurecr.io/haymaker/agent:1.0.0',
      },
    });
  });

  it('steer the selection', () => {
    const { selection } = readConfig({
      ...settings,
      SCENARIO_WEIGHTS: 'networking=3, ai-ml=0',
      RUN_COST_CEILING_USD: '4.5',
      EXCLUDED_SCENARIOS: 'networking-04, compute-02',
      MIN_AREAS: '2',
      AVOID_REPEATS: 'true',
    });
    expect(selection).toEqual({
      weights: { Networking: 3, 'AI & ML': 0 },
      costCeilingUsd: 4.5,
      excluded: ['networking-04', 'compute-02'],
      minAreas: 2,
      avoidRepeats: true,
    });
  });

  it.each(['network=3', 'networking', 'networking=-1', 'networking=1.5', 'networking=101', '=3'])(
    'refuse the weights %s',
    (weights) => {
      expect(() => readConfig({ ...settings, SCENARIO_WEIGHTS: weights })).toThrow(
        /SCENARIO_WEIGHTS is wrong: .*expected area=weight.*Example: networking=3/,
      );
    },
  );

  it('take an image by digest', () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const { image } = readConfig({ ...settings, CONTAINER_IMAGE: `haymaker/agent@${digest}` });
    expect(image).toMatchObject({ repository: 'haymaker/agent', reference: digest });
  });

  it('take a short Service Bus name and drop a vault’s trailing slash', () => {
    const config = readConfig({
      ...settings,
      SERVICE_BUS_NAMESPACE: 'sb-x',
      KEY_VAULT_URL: 'https://kv-x.vault.azure.net/',
    });
    expect(config.serviceBus.namespace).toBe('sb-x.servicebus.windows.net');
    expect(config.keyVaultUrl).toBe('https://kv-x.vault.azure.net');
  });

  it.each([
    'KEY_VAULT_URL',
    'CONTAINER_REGISTRY',
    'CONTAINER_IMAGE',
    'CONTAINER_APPS_ENVIRONMENT_ID',
    'AGENT_IDENTITY_ID',
  ])('name %s when it is missing, with an example', (name) => {
    expect(() => readConfig(without(name))).toThrow(new RegExp(`${name} is not set\\. Example: `));
    expect(() => readConfig({ ...settings, [name]: '' })).toThrow(`${name} is not set`);
  });

  it('name every setting that is wrong, and what was expected', () => {
    const wrong = {
      ...settings,
      RUN_DURATION: '8 hours',
      SIMULATION_SIZE: 'huge',
      AGENT_IDENTITY_ID: IDS.keyVault,
    };
    const error = failure(() => readConfig(wrong));
    expect(error).toBeInstanceOf(SettingError);
    expect(error.message).toContain('RUN_DURATION is wrong: expected an ISO 8601 duration');
    expect(error.message).toContain('SIMULATION_SIZE is wrong');
    expect(error.message).toContain(
      'AGENT_IDENTITY_ID is wrong: expected the resource id of a user-assigned identity',
    );
  });

  it('say how to give storage when there is none', () => {
    expect(() => readConfig(without('STORAGE_ACCOUNT'))).toThrow('No storage: set STORAGE_ACCOUNT');
  });
});

function failure(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('expected it to throw');
}
