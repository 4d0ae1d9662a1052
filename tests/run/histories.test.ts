import { readFileSync } from 'node:fs';
import type { OrchestrationHandler } from 'durable-functions';
import { describe, expect, it } from 'vitest';
import { differences } from '../../local/histories/compare.ts';
import { recordings } from '../../local/histories/fixtures.ts';
import { ORCHESTRATORS } from '../../local/histories/orchestrators.ts';
import { relive } from '../../local/histories/turns.ts';
import { maskSecrets } from '../../src/domain/secrets.ts';

const ALL = recordings();
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

async function storyOf(file: string, handler?: OrchestrationHandler): Promise<string[]> {
  const recording = ALL.find((one) => one.file === file)?.recording;
  const today = handler ?? ORCHESTRATORS[recording?.name ?? ''];
  if (!recording || !today) throw new Error(`${recording?.name} of ${file} does not exist any more.`);
  const { name, instanceId, release, turns } = recording;
  try {
    return differences(turns, await relive(recording, today)).map(
      (what) =>
        `${instanceId} (${name}, release ${release}), ${what}. A run in flight would break at the deploy: ` +
        'keep the old way for its version (docs/upgrading.md).',
    );
  } catch (error) {
    return [`${instanceId} (${name}, release ${release}): ${String(error)} (docs/upgrading.md)`];
  }
}

describe('runs that an earlier release has begun', () => {
  it.each(ALL.map(({ file }) => file))('go on under this one: %s', async (file) => {
    expect(await storyOf(file)).toEqual([]);
  });

  it('were recorded of every orchestrator of the app, by this release, too', () => {
    const roster = [...readFileSync('src/index.ts', 'utf8').matchAll(/df\.app\.orchestration\('(\w+)'/g)];
    const names = roster.map(([, name]) => name).sort();
    expect(Object.keys(ORCHESTRATORS).sort()).toEqual(names);
    const ours = ALL.filter(({ recording }) => recording.release === version);
    expect([...new Set(ours.map(({ recording }) => recording.name))].sort()).toEqual(names);
  });

  it('are kept small and without secrets', () => {
    for (const { recording } of ALL) {
      const text = JSON.stringify(recording);
      expect(text.length, recording.story).toBeLessThan(400_000);
      expect(maskSecrets(text), recording.story).toBe(text);
    }
  });
});

describe('the comparison can fail', () => {
  const whole = ALL.find(({ recording }) => recording.name === 'orchestrate_haymaker_run')?.file ?? '';
  const original = ORCHESTRATORS.orchestrate_haymaker_run as OrchestrationHandler;

  it('for a step that has come in between', async () => {
    const [story] = await storyOf(whole, function* (context) {
      yield context.df.createTimer(new Date(context.df.currentUtcDateTime.getTime() + 1_000));
      return yield* original(context);
    });
    expect(story).toMatch(/release 0\.1\.0\).*step 0 was activity 'validate.*docs\/upgrading\.md/);
  });

  it('for a step that is left out, and for another order', async () => {
    const [story] = await storyOf(whole, function* (context) {
      return yield context.df.callActivity('select_scenarios_activity', {});
    });
    expect(story).toContain('select_scenarios_activity');
  });

  it('not for a field more in an input, but for one less', () => {
    const turn = (input: object) => ({
      decisions: [{ kind: 'activity' as const, id: 0, name: 'a', input }],
    });
    expect(differences([turn({ x: 1 })], [turn({ x: 1, y: 2 })])).toEqual([]);
    expect(differences([turn({ x: 1, y: 2 })], [turn({ x: 1 })])).toEqual([
      'turn 1 of 1: #0 calls a: its input was {"x":1,"y":2} and is {"x":1}',
    ]);
    expect(differences([turn({ x: 1 })], [])).toEqual([
      "turn 1 of 1: today's orchestrator does not get there",
    ]);
  });
});

describe('host.json', () => {
  const { durableTask } = JSON.parse(readFileSync('host.json', 'utf8')).extensions;

  it('gives orchestrations the version of package.json, and lets this release run older ones, never newer', () => {
    expect(durableTask).toMatchObject({
      defaultVersion: version,
      versionMatchStrategy: 'CurrentOrOlder',
      versionFailureStrategy: 'Reject',
    });
  });
});
