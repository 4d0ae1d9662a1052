import { describe, expect, it } from 'vitest';
import { type GuardContext, judge } from '../../agent/guard/guard.ts';
import { HOSTILE } from './guardHostile.ts';
import { LEGITIMATE } from './guardLegitimate.ts';

const SUBSCRIPTION = '2b9e64d7-0c35-4f18-a6d2-91c7e3f8b540';
const GROUP = 'hm-4bcdb2eb-networking-01';
const OWN = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${GROUP}`;

const context: GuardContext = {
  subscriptionId: SUBSCRIPTION,
  resourceGroup: GROUP,
  namePrefix: 'hm4bcdb2eb',
  privileges: [],
  variables: {
    RESOURCE_GROUP: GROUP,
    LOCATION: 'eastus',
    NAME_PREFIX: 'hm4bcdb2eb',
    TAGS: 'AzureHayMaker-managed=true RunId=run-1',
    SUBSCRIPTION_ID: SUBSCRIPTION,
  },
};

/** `OWN` and `SUB` in a proposal of the lists stand for the group's and the subscription's ids. */
const filled = (proposal: string) => proposal.replaceAll('<OWN>', OWN).replaceAll('<SUB>', SUBSCRIPTION);

describe('the guard', () => {
  it('has lists worth the name', () => {
    expect(HOSTILE.length).toBeGreaterThanOrEqual(60);
    expect(LEGITIMATE.length).toBeGreaterThanOrEqual(60);
    expect(new Set(HOSTILE.map(([, proposal]) => proposal)).size).toBe(HOSTILE.length);
    expect(new Set(LEGITIMATE).size).toBe(LEGITIMATE.length);
  });

  it.each(HOSTILE)('refuses %s: %s', (_what, proposal, reason) => {
    const verdict = judge(filled(proposal), context);
    expect(verdict.allowed ? verdict.words.join(' ') : verdict.reason).toMatch(reason);
    expect(verdict.allowed).toBe(false);
  });

  it.each(LEGITIMATE)('passes %s', (proposal) => {
    const verdict = judge(filled(proposal), context);
    expect(verdict.allowed ? '' : verdict.reason).toBe('');
  });

  it('fills in variables itself, splits only unquoted ones, and asks no shell', () => {
    const proposal = `az disk create -g "$RESOURCE_GROUP" --name "\${NAME_PREFIX}-d" --size-gb 4 --tags $TAGS`;
    const verdict = judge(proposal, {
      ...context,
      variables: { ...context.variables, TAGS: 'a=1; b=$(id)' },
    });
    expect(verdict).toMatchObject({
      words: [
        ...['az', 'disk', 'create', '-g', GROUP, '--name', 'hm4bcdb2eb-d'],
        ...['--size-gb', '4', '--tags', 'a=1;', 'b=$(id)'],
      ],
    });
  });

  it('knows what a scenario with more rights may do, and what it may not even then', () => {
    const privileged: GuardContext = { ...context, privileges: ['role-assignment', 'entra'] };
    const passes = (proposal: string) => judge(filled(proposal), privileged).allowed;
    expect(
      passes('az role assignment create --assignee 1b2c --role "Storage Blob Data Reader" --scope <OWN>'),
    ).toBe(true);
    for (const role of ['Owner', 'Contributor', 'Reader', 'f58310d9-a9f6-439a-9e8d-f62e7b41a168']) {
      expect(passes(`az role assignment create --assignee 1b2c --role ${role} --scope <OWN>`)).toBe(false);
    }
    expect(passes('az role assignment create --assignee 1b2c --role "Storage Blob Data Reader"')).toBe(false);
    expect(
      passes(
        'az role assignment create --assignee 1b2c --role "Storage Blob Data Reader" --scope /subscriptions/<SUB>',
      ),
    ).toBe(false);
    expect(passes('az policy assignment delete --name audit --scope <OWN>')).toBe(false);
    expect(passes('az ad app create --display-name hm4bcdb2eb-builds')).toBe(false);
    expect(passes('az ad user list')).toBe(false);
  });
});
