import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import jobRunner from '../../infra/roles/jobRunner.json' with { type: 'json' };
import orchestrator from '../../infra/roles/orchestrator.json' with { type: 'json' };
import { grants, type RoleDefinition } from '../../local/azure/roles.ts';
import { WORLD } from '../../local/world.ts';
import { stem, tagsFor } from '../../src/domain/naming.ts';
import { request, until } from './support/http.ts';
import { callJanitor, HASTY, isIn } from './support/janitor.ts';
import { leftInCloud, outcomeOf, startRun, statusOf } from './support/run.ts';
import { type Target, target } from './support/target.ts';

interface Use {
  readonly action: string;
  readonly kind: 'action' | 'dataAction';
  readonly granted: boolean;
  readonly groups: readonly string[];
}

const RUN = 'with-exact-rights';
const SCENARIOS = ['compute-01', 'networking-01'];
const GROUP = `/subscriptions/${WORLD.subscriptionId}/resourceGroups/${stem(RUN, 'compute-01')}`;
/** What Azure keeps after deletion, and each in its own way. */
const KEPT = [
  'Microsoft.KeyVault/vaults',
  'Microsoft.AppConfiguration/configurationStores',
  'Microsoft.CognitiveServices/accounts',
  'Microsoft.ApiManagement/service',
];

let at: Target;
let uses: Use[];

/** A run in which agents do not heed the end and things stay that Azure keeps; with a round of the janitor. */
beforeAll(async () => {
  if (process.env.HAYMAKER_URL) return;
  at = await target({ ...HASTY, RUN_DURATION: 'PT40S' });
  const behaviours = { [SCENARIOS[0] ?? '']: 'hangs', [SCENARIOS[1] ?? '']: 'deaf' };
  await request(`${at.controlUrl}/control/agents`, { body: behaviours });
  await startRun(at, { id: RUN, body: { scenarios: SCENARIOS } });
  await until(() => statusOf(at, RUN), isIn('monitoring'), 120_000);
  const tags = tagsFor({ runId: RUN, expiresOn: '' }, 'compute-01');
  const kept = KEPT.map((type, index) => ({ id: `${GROUP}/providers/${type}/hmkept${index}`, type, tags }));
  await request(`${at.controlUrl}/control/resources`, { body: kept });
  await callJanitor(at);
  const outcome = await outcomeOf(at, RUN);
  expect(outcome).toMatchObject({ cleanupStatus: 'verified', leftovers: 0 });
  expect(await leftInCloud(at, RUN)).toEqual([]);
  uses = (await request<Use[]>(`${at.controlUrl}/control/permissions?principalId=${WORLD.app.oid}`)).body;
}, 300_000);
afterAll(() => at?.stop());

const actions = () => uses.filter(({ kind, granted }) => kind === 'action' && granted);
const grantedBy = (action: string, used: string) =>
  grants({ actions: [action], notActions: [] } as unknown as RoleDefinition, used, 'action');

describe.runIf(!process.env.HAYMAKER_URL)('the rights of the app in a run with clean-up', () => {
  it('are enough: nothing that it asked for was refused', () => {
    expect(uses.length).toBeGreaterThan(20);
    expect(uses.filter(({ granted }) => !granted)).toEqual([]);
  });

  it('on the target subscription are all used', () => {
    const exact = orchestrator.actions.filter(({ action }) => !action.includes('*'));
    for (const { action } of exact) {
      expect([action, actions().some((use) => use.action === action)]).toEqual([action, true]);
    }
  });

  it('and a wildcard there is used for what no other entry covers, in more than one service', () => {
    const others = [...orchestrator.actions, ...jobRunner.actions].filter(
      ({ action }) => !action.includes('*'),
    );
    for (const { action } of orchestrator.actions.filter((entry) => entry.action.includes('*'))) {
      const only = actions()
        .map((use) => use.action)
        .filter((used) => grantedBy(action, used) && !others.some((other) => grantedBy(other.action, used)));
      expect([action, new Set(only.map((used) => used.split('/')[0])).size > 3, only]).toEqual([
        action,
        true,
        only,
      ]);
    }
  });

  it('in the group of the platform are all used there', () => {
    const there = actions().filter(({ groups }) => groups.includes(WORLD.platformGroup));
    for (const { action } of jobRunner.actions) {
      expect([action, there.some((use) => use.action === action)]).toEqual([action, true]);
    }
  });

  it('never touch what the role excludes', () => {
    for (const { action } of orchestrator.notActions) {
      expect(uses.map((use) => use.action)).not.toContain(action);
    }
  });
});
