import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/domain/run.ts';
import { suspectsOf } from '../../src/janitor/suspects.ts';
import { type LiveInstance, vitalsOf } from '../../src/janitor/vitals.ts';

const record = (runId: string, status: RunRecord['status'], cleanupStatus: RunRecord['cleanupStatus']) => ({
  runId,
  trigger: 'timer' as const,
  phase: 'monitoring' as const,
  status,
  cleanupStatus,
  startedAt: '2026-11-21T06:00:00.000Z',
  expiresOn: '2026-11-21T14:15:00.000Z',
  scenarios: [],
});

function suspects(evidence: Partial<Parameters<typeof suspectsOf>[0]>, live: LiveInstance[] = []) {
  return suspectsOf({
    found: [],
    books: [],
    vitals: vitalsOf(live),
    sightings: new Map(),
    inEngine: new Set(),
    ...evidence,
  });
}

describe('the suspects', () => {
  test('are runs with things in Azure and runs with open books', () => {
    const books = [
      record('running', 'running', 'pending'),
      record('dirty', 'failed', 'leftovers'),
      record('blind', 'failed', 'unknown'),
      record('proven', 'completed', 'verified'),
      record('invalid', 'failed', 'not_needed'),
      record('back again', 'completed', 'verified'),
    ];
    const found = [{ runId: 'back again', things: 2 }];
    expect(
      suspects({ books, found })
        .map(({ runId }) => runId)
        .sort(),
    ).toEqual(['back again', 'blind', 'dirty', 'running']);
  });

  test('a run is known that the books or the engine have heard of, and expires when its things or books say', () => {
    const found = [
      { runId: 'engine', things: 1 },
      { runId: 'nobody', things: 1, expiresOn: '2026-11-21T15:00:00.000Z' },
    ];
    const books = [record('books', 'running', 'pending')];
    const known = suspects({ found, books, inEngine: new Set(['engine']) });
    expect(known.map(({ runId, known, expiresOn }) => [runId, known, expiresOn])).toEqual([
      ['engine', true, undefined],
      ['nobody', false, '2026-11-21T15:00:00.000Z'],
      ['books', true, '2026-11-21T14:15:00.000Z'],
    ]);
  });

  test.each<[string, LiveInstance, { alive: boolean; closing: boolean }]>([
    [
      'its own orchestration',
      { name: 'orchestrate_haymaker_run', instanceId: 'r' },
      { alive: true, closing: false },
    ],
    [
      'an agent being provisioned',
      { name: 'provision_agent', instanceId: 'r-compute-01' },
      { alive: true, closing: false },
    ],
    ['its clean-up', { name: 'remove_leftovers', instanceId: 'cleanup-r' }, { alive: true, closing: false }],
    ['its closing', { name: 'close_run', instanceId: 'close-r' }, { alive: false, closing: true }],
    [
      'another run',
      { name: 'orchestrate_haymaker_run', instanceId: 'r-2' },
      { alive: false, closing: false },
    ],
  ])('while %s lives', (_what, live, expected) => {
    expect(suspects({ found: [{ runId: 'r', things: 1 }] }, [live])[0]).toMatchObject(expected);
  });
});
