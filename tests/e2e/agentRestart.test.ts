import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chanceOf } from '../../agent/chance.ts';
import { CHECKPOINT_TAG, decodeCheckpoint, fingerprintOf } from '../../agent/checkpoint.ts';
import { loadScenario } from '../../agent/scenario.ts';
import { type AgentImage, builtImage, runAgentProcess } from '../../local/azure/agentProcess.ts';
import { ROLES } from '../../local/azure/roles.ts';
import { type StandIn, startStandIn } from '../../local/azure/standin.ts';
import { bundleAgent } from '../../local/stack/bundleAgent.ts';
import { REPOSITORY } from '../../local/stack/paths.ts';
import { IDS, standInEnvironment, WORLD } from '../../local/world.ts';
import type { AgentEvent } from '../../src/domain/event.ts';
import { agentLog, stepsDone } from './support/agentLog.ts';
import { request, until } from './support/http.ts';

const SCENARIO = 'networking-01';
/** Starting takes seconds, eleven times. */
const WINDOW_MS = 150_000;
const KILLS = 10;
const LONGEST_LIFE_MS = 6_500;
const SHORTEST_LIFE_MS = 1_500;
const HEADER = 'the header of the test';

let workDir: string;
let standIn: StandIn;
let image: AgentImage;

beforeAll(async () => {
  await bundleAgent(REPOSITORY);
  workDir = await mkdtemp(join(tmpdir(), 'haymaker-agent-'));
  standIn = await startStandIn({ workDir });
  image = builtImage(workDir);
  standIn.state.identities.grant(HEADER, [WORLD.eventsIdentity]);
});

afterAll(async () => {
  await standIn?.stop();
  await rm(workDir, { recursive: true, force: true });
});

const groupId = (agentId: string) => `/subscriptions/${WORLD.subscriptionId}/resourceGroups/${agentId}`;

/** What the app does for an agent; the environment of its container. */
function prepare(runKey: string): { agentId: string; env: Record<string, string> } {
  const { state } = standIn;
  const agentId = `hm-${runKey}-${SCENARIO}`;
  state.resources.put({
    id: groupId(agentId),
    name: agentId,
    type: 'Microsoft.Resources/resourceGroups',
    location: WORLD.location,
    tags: { RunId: 'run-1' },
    properties: {},
    rest: {},
    createdAt: state.now(),
    createdBy: 'test',
  });
  const application = state.directory.createApplication({ displayName: agentId }, WORLD.app.oid);
  const { id } = state.directory.createServicePrincipal(application, [], WORLD.app.oid);
  const { secretText } = state.directory.addPassword(application, {});
  state.authorization.seed(id, ROLES.contributor, groupId(agentId), agentId);
  return {
    agentId,
    env: {
      ...standInEnvironment(standIn.addresses),
      IDENTITY_HEADER: HEADER,
      RUN_ID: 'run-1',
      AGENT_ID: agentId,
      SCENARIO_ID: SCENARIO,
      RESOURCE_GROUP: agentId,
      LOCATION: WORLD.location,
      NAME_PREFIX: `hm${runKey}`,
      TAGS: 'AzureHayMaker-managed=true RunId=run-1',
      RUN_ENDS_AT: new Date(Date.now() + WINDOW_MS).toISOString(),
      HEARTBEAT_INTERVAL: 'PT5S',
      AZURE_TENANT_ID: WORLD.tenantId,
      AZURE_SUBSCRIPTION_ID: WORLD.subscriptionId,
      AZURE_CLIENT_ID: application.appId,
      AZURE_CLIENT_SECRET: String(secretText),
      SERVICE_BUS_NAMESPACE: WORLD.serviceBusNamespace,
      SERVICE_BUS_TOPIC: WORLD.topic,
      EVENTS_IDENTITY_ID: IDS.eventsIdentity,
    },
  };
}

interface Life {
  readonly exitCode: Promise<number>;
  readonly progress: { readonly made: readonly string[] };
  terminate(): void;
}

/** Starts the agent; it is killed after `lifeMs`, and its exit code is 137 then. */
function live(agentId: string, env: Record<string, string>, lifeMs?: number): Life {
  const [terminate, kill] = [new AbortController(), new AbortController()];
  const timer = lifeMs === undefined ? undefined : setTimeout(() => kill.abort(), lifeMs);
  const progress = { agentId, state: '', made: [], removed: [], eventsSent: 0, eventsLost: 0 };
  const signals = { terminate: terminate.signal, kill: kill.signal };
  const exitCode = runAgentProcess(image, { env, ...signals }, progress).finally(() => clearTimeout(timer));
  return { exitCode, progress, terminate: () => terminate.abort() };
}

/** What the agent said, a list for each of its lives. */
function lives(agentId: string): AgentEvent[][] {
  const said: AgentEvent[][] = [];
  for (const event of agentLog(join(image.workDir, `${agentId}.log`))) {
    if (event.event_type === 'agent_started') said.push([]);
    said.at(-1)?.push(event);
  }
  return said;
}

const operationsOf = (events: readonly AgentEvent[]) =>
  events.filter(({ event_type }) => event_type === 'operation');
const keyOf = ({ details }: AgentEvent) => [details?.phase, details?.step, details?.number].join('/');

/** Top-level resources that were made in a group, and how often: a PUT that made something is answered with 201. */
function creations(agentId: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { method, path, status } of standIn.state.calls.list()) {
    const [, name] = path.split(`${groupId(agentId)}/providers/`);
    if (method !== 'PUT' || status !== 201 || name?.split('/').length !== 3) continue;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}

describe('an agent that is killed ten times', () => {
  it('resumes, repeats nothing that was done, and ends with an empty group', async () => {
    const hunted = prepare('0000bbbb');
    const chance = chanceOf('ten kills');
    let kills = 0;
    let code = 137;
    while (kills < KILLS && code === 137) {
      const lifeMs = SHORTEST_LIFE_MS + chance() * (LONGEST_LIFE_MS - SHORTEST_LIFE_MS);
      code = await live(hunted.agentId, hunted.env, lifeMs).exitCode;
      kills += 1;
    }
    expect(code).toBe(137);
    expect(await live(hunted.agentId, hunted.env).exitCode).toBe(0);

    const said = lives(hunted.agentId);
    expect(said.length).toBeGreaterThan(5);
    const done = new Set<string>();
    for (const events of said) {
      const keys = operationsOf(events).map(keyOf);
      // A kill between the end of a step and its checkpoint costs a repetition of that one step.
      const repeated = keys.filter((key) => done.has(key));
      expect(repeated.length).toBeLessThanOrEqual(1);
      expect(repeated.every((key) => key === keys[0])).toBe(true);
      for (const key of keys) done.add(key);
    }
    const all = said.flat();
    const eventIds = new Map(operationsOf(all).map((event) => [keyOf(event), event.event_id]));
    for (const event of operationsOf(all)) expect(event.event_id).toBe(eventIds.get(keyOf(event)));

    const { phases } = await loadScenario(image.scenariosDir, SCENARIO);
    expect(stepsDone(all, 'deploy')).toEqual(phases.deploy.map(({ title }) => title));
    expect(stepsDone(all, 'clean up')).toEqual(phases.cleanUp.map(({ title }) => title));
    expect(stepsDone(all, 'operate').length).toBeGreaterThanOrEqual(8);

    const made = [...creations(hunted.agentId)];
    expect(made.length).toBeGreaterThanOrEqual(6);
    expect(made.filter(([, times]) => times > 1)).toEqual([]);
    expect(standIn.state.resources.below(groupId(hunted.agentId))).toEqual([]);
    expect(standIn.state.resources.get(groupId(hunted.agentId))?.tags).toMatchObject({ RunId: 'run-1' });
  }, 280_000);
});

describe('an agent that is told to stop', () => {
  it('deletes what it has made within its grace, and says so', async () => {
    const { agentId, env } = prepare('0000cccc');
    const life = live(agentId, env);
    await until(
      async () => life.progress.made.length,
      (made) => made >= 3,
      60_000,
    );
    const toldAt = Date.now();
    life.terminate();
    expect(await life.exitCode).toBe(143);
    expect(Date.now() - toldAt).toBeLessThan(30_000);
    expect(standIn.state.resources.below(groupId(agentId))).toEqual([]);
    const said = agentLog(join(image.workDir, `${agentId}.log`));
    expect(said.at(-1)).toMatchObject({ event_type: 'cleanup_complete' });
  }, 120_000);
});

describe('an agent whose commands fail', () => {
  it('asks, performs what the guard passes and nothing else, and keeps what that has cost', async () => {
    const { agentId, env } = prepare('0000dddd');
    const { state, addresses } = standIn;
    const issued = (await request<{ text: string }[]>(`${addresses.controlUrl}/control/secrets`)).body;
    const ANTHROPIC_API_KEY = issued.find(({ text }) => text.startsWith('sk-ant-'))?.text ?? '';
    for (const type of ['networkSecurityGroups', 'virtualNetworks']) {
      state.faults.add({
        match: `PUT .*${agentId}/.*/${type}/[^/]+$`,
        kind: 'status',
        status: 400,
        code: 'InvalidRequest',
        times: 1,
      });
    }
    const life = live(agentId, { ...env, ANTHROPIC_API_KEY });
    const log = join(image.workDir, `${agentId}.log`);
    const repairs = () => agentLog(log).flatMap(({ details }) => Object(details).repair ?? []);
    const said = await until(
      async () => ({ verdicts: repairs().map(({ verdict }) => verdict), made: life.progress.made }),
      ({ made }) => made.some((id) => id.includes('/virtualNetworks/')),
      60_000,
    );
    life.terminate();
    expect(await life.exitCode).toBe(143);

    expect(new Set(said.verdicts)).toEqual(new Set(['refused', 'accepted']));
    for (const { verdict, command, spentUsd } of repairs()) {
      expect(spentUsd).toBeGreaterThan(0);
      expect(command).toMatch(verdict === 'accepted' ? /^az resource list --resource-group/ : /^az /);
    }
    const tag = state.resources.get(groupId(agentId))?.tags[CHECKPOINT_TAG];
    const { phases } = await loadScenario(image.scenariosDir, SCENARIO);
    const spent = decodeCheckpoint(tag, fingerprintOf(phases))?.spent;
    expect(spent?.questions).toBe(said.verdicts.length);
    expect(spent?.usd).toBeGreaterThan(0);
  }, 120_000);
});
