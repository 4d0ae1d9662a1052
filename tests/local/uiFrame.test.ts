import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { changesBetween } from '../../local/ui/changes.ts';
import { renderFrame } from '../../local/ui/frame.ts';
import { clip, clock } from '../../local/ui/text.ts';
import { newView, nextView, type RunView, stepMs, stepState } from '../../local/ui/view.ts';
import type { Phase, RunProgress } from '../../src/domain/run.ts';

const START = Date.parse('2026-11-21T06:00:00Z');
const seconds = (n: number) => START + n * 1_000;
const colours = pc.createColors(false);

function progress(phase: Phase, change: Partial<RunProgress> = {}): RunProgress {
  return { phase, agents: { total: 2, provisioning: 0, running: 2, completed: 0, failed: 0 }, ...change };
}

function monitoring(agentCount = 2): RunView {
  const agents = Array.from({ length: agentCount }, (_, index) => ({
    agentId: `hm-0a1b2c3d-compute-${String(index + 1).padStart(2, '0')}`,
    state: 'running' as const,
    last: 'created a virtual network with a rather long name',
  }));
  const asked = newView('demo-1', START);
  const validating = nextView(asked, progress('validating'), undefined, seconds(1));
  const provisioning = nextView(validating, progress('provisioning'), undefined, seconds(4));
  const endsAt = new Date(seconds(70)).toISOString();
  return nextView(provisioning, progress('monitoring', { endsAt }), agents, seconds(10));
}

describe('the view of a run', () => {
  it('knows how long each phase took, also one that was passed between two looks', () => {
    const view = monitoring();
    expect(stepMs(view, 'validating', seconds(20))).toBe(3_000);
    expect(stepMs(view, 'selecting', seconds(20))).toBeUndefined();
    expect(stepMs(view, 'monitoring', seconds(20))).toBe(10_000);
    expect(stepState(view, 'selecting')).toBe('done');
    expect(stepState(view, 'monitoring')).toBe('active');
    expect(stepState(view, 'cleaning')).toBe('waiting');
  });

  it('keeps what was not seen this time', () => {
    const view = nextView(monitoring(), undefined, undefined, seconds(11));
    expect(view.phase).toBe('monitoring');
    expect(view.agents).toHaveLength(2);
  });
});

describe('renderFrame', () => {
  it('shows steps, agents and counters', () => {
    const frame = renderFrame(monitoring(), { columns: 100, rows: 40, colours }, seconds(20));
    expect(frame).toContain('HayMaker demo-1  0:20');
    expect(frame).toContain('✓ validating     0:03');
    expect(frame).toContain('the window ends in 0:50');
    expect(frame).toMatch(/compute-01 +running +created a virtual network/);
    expect(frame).toContain('2 agents: 2 running');
  });

  it.each([20, 40, 80, 200])('never needs more than %d columns', (columns) => {
    const frame = renderFrame(monitoring(), { columns, rows: 40, colours }, seconds(20));
    expect(Math.max(...frame.split('\n').map((line) => line.length))).toBeLessThan(columns);
  });

  it.each([10, 16, 24, 60])('never needs more than %d rows for 30 agents', (rows) => {
    const frame = renderFrame(monitoring(30), { columns: 80, rows, colours }, seconds(20));
    expect(frame.split('\n').length).toBeLessThan(rows);
  });

  it('says how many agents do not fit', () => {
    const frame = renderFrame(monitoring(30), { columns: 80, rows: 24, colours }, seconds(20));
    expect(frame).toMatch(/and \d+ more/);
  });
});

describe('changesBetween', () => {
  it('says nothing when nothing changed', () => {
    const view = monitoring();
    const later = nextView(view, progress('monitoring'), view.agents, seconds(30));
    expect(changesBetween(view, later)).toEqual([]);
  });

  it('has one line for a phase, a state, the counters and a round of clean-up, and none for what an agent says', () => {
    const view = monitoring();
    const [first, second] = view.agents;
    if (!first || !second) throw new Error('two agents expected');
    const later = nextView(
      view,
      progress('cleaning', {
        agents: { total: 2, provisioning: 0, running: 1, completed: 1, failed: 0 },
        cleanup: { round: 1, remaining: 3, cleanPasses: 0 },
      }),
      [
        { ...first, state: 'completed', last: 'all gone' },
        { ...second, last: 'another word' },
      ],
      seconds(30),
    );
    expect(changesBetween(view, later)).toEqual([
      'cleaning',
      'hm-0a1b2c3d-compute-01 completed: all gone',
      '2 agents: 1 running, 1 completed',
      'clean-up round 1: 3 left, 0 clean passes',
    ]);
  });
});

describe('text', () => {
  it('cuts to the width and takes control characters out', () => {
    expect(clip('a\u001b[31mb\nc', 20)).toBe('a [31mb c');
    expect(clip('abcdef', 4)).toBe('abc…');
    expect(clip('abcdef', 0)).toBe('');
  });

  it.each([
    [0, '0:00'],
    [65_400, '1:05'],
    [-5, '0:00'],
  ])('%d ms is %s', (ms, expected) => expect(clock(ms)).toBe(expected));
});
