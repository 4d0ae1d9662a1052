import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { changesBetween } from '../../terminal/changes.ts';
import { addEvents, eventsBetween, NO_EVENTS, sparkline } from '../../terminal/events.ts';
import { renderFrame } from '../../terminal/frame.ts';
import { clip, clock, printable } from '../../terminal/text.ts';
import { awayView, newView, nextView, type RunLook, stepMs, stepState } from '../../terminal/view.ts';

const START = Date.parse('2026-11-21T06:00:00Z');
const at = (second: number) => new Date(START + second * 1_000).toISOString();
const ms = (second: number) => START + second * 1_000;
const colours = pc.createColors(false);

function agent(n: number, state = 'running', more = {}) {
  const scenario = `compute-${String(n).padStart(2, '0')}`;
  return {
    agent_id: `hm-0a1b2c3d-${scenario}`,
    scenario,
    status: 'running',
    state,
    started_at: at(8),
    progress: 'created a virtual network with a rather long name',
    ...more,
  };
}

function look(phase: string, change: Partial<RunLook> = {}): RunLook {
  const began = { validating: 0, selecting: 3, provisioning: 4, monitoring: 10, cleaning: 70, reporting: 80 };
  const entries = Object.entries(began);
  const passed = entries.slice(0, entries.findIndex(([name]) => name === phase) + 1);
  return {
    run_id: 'run-20261121T0600Z',
    status: 'running',
    live: true,
    cleanup_status: 'pending',
    phase,
    started_at: at(0),
    scheduled_end_at: at(70),
    scenarios: ['compute-01', 'compute-02'],
    resources_created: 12,
    phases: passed.map(([name, second]) => ({ phase: name, started_at: at(second) })),
    agents: [agent(1), agent(2)],
    ...change,
  };
}

const EVENTS = addEvents(NO_EVENTS, [
  { timestamp: at(11), level: 'INFO' },
  { timestamp: at(11), level: 'ERROR' },
  { timestamp: at(18), level: 'INFO' },
]);
const view = (phase: string, change: Partial<RunLook> = {}) =>
  nextView(newView('run-20261121T0600Z', START), look(phase, change), EVENTS);
const frame = (of: ReturnType<typeof view>, columns = 80, rows = 24, second = 20) =>
  renderFrame(of, { columns, rows, colours }, ms(second));

describe('the view of a run', () => {
  it('knows how long each phase took, and which were passed', () => {
    const here = view('monitoring');
    expect(stepMs(here, 'validating', ms(20))).toBe(3_000);
    expect(stepMs(here, 'monitoring', ms(20))).toBe(10_000);
    expect(stepMs(here, 'cleaning', ms(20))).toBeUndefined();
    expect(stepState(here, 'selecting')).toBe('done');
    expect(stepState(here, 'monitoring')).toBe('active');
    expect(stepState(here, 'cleaning')).toBe('waiting');
  });

  it('counts what is planned, and folds how agents fail', () => {
    const { counts } = view('provisioning', {
      scenarios: ['a', 'b', 'c', 'd', 'e'],
      agents: [agent(1, 'lost'), agent(2, 'removed'), agent(3, 'provisioning')],
    });
    expect(counts).toEqual({ total: 5, waiting: 2, provisioning: 1, running: 0, completed: 0, failed: 2 });
  });

  it('shows no step as done that a run never came to', () => {
    const failed = view('validating', { status: 'failed', phase: 'ended' });
    expect(stepState(failed, 'validating')).toBe('done');
    expect(stepState(failed, 'monitoring')).toBe('waiting');
  });
});

describe('renderFrame', () => {
  it('shows steps with their times, time left, agents, events and counters', () => {
    expect(frame(view('monitoring'), 120)).toMatchInlineSnapshot(`
      "HayMaker run-20261121T0600Z                                                                                        0:20

      ✓ validating ── ✓ selecting ── ✓ provisioning ── ⠋ monitoring ── · cleaning ── · reporting
        0:03            0:01           0:06              0:10
      ━━━━────────────────────  the window ends in 0:50, at 06:01:10 UTC

      AGENT                   STATE        FOR     LAST EVENT
      hm-0a1b2c3d-compute-01  running      0:12    created a virtual network with a rather long name
      hm-0a1b2c3d-compute-02  running      0:12    created a virtual network with a rather long name

                 █      ▄                                           3 events, 1 error
      2 agents: 2 running; 12 resources"
    `);
  });

  it('fits 80 columns', () => {
    expect(frame(view('monitoring'))).toMatchInlineSnapshot(`
      "HayMaker run-20261121T0600Z                                                0:20

      ✓ validating ✓ selecting ✓ provisioning ⠋ monitoring · cleaning · reporting
        0:03         0:01        0:06           0:10
      ━━━━────────────────────  the window ends in 0:50, at 06:01:10 UTC

      AGENT       STATE        LAST EVENT
      compute-01  running      created a virtual network with a rather long name
      compute-02  running      created a virtual network with a rather long name

                 █      ▄                                           3 events, 1 error
      2 agents: 2 running; 12 resources"
    `);
  });

  it('says how the run ended', () => {
    const ended = view('reporting', {
      status: 'completed',
      cleanup_status: 'verified',
      completed_at: at(82),
    });
    expect(frame(ended, 80, 24, 500)).toContain('completed; clean-up verified');
    expect(frame(ended, 80, 24, 500)).toMatch(/^HayMaker run-20261121T0600Z +1:22$/m);
  });

  it('says that the server is away, since when and why', () => {
    const away = awayView(
      awayView(view('monitoring'), 'Nothing listens there.', ms(12)),
      'Still not.',
      ms(19),
    );
    expect(frame(away)).toContain('Nothing heard for 0:08. Still not. Trying again …');
  });

  it('says that nobody is at work on it any more', () => {
    expect(frame(view('monitoring', { live: false }))).toContain('Nothing is at work on this run');
  });

  it.each([20, 40, 80, 100, 200])('never needs more than %d columns', (columns) => {
    const lines = frame(view('monitoring'), columns).split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(columns);
  });

  it.each([3, 8, 10, 16, 24, 60])('never needs more than %d rows for 500 agents', (rows) => {
    const agents = Array.from({ length: 500 }, (_, index) => agent(index));
    expect(frame(view('monitoring', { agents }), 80, rows).split('\n').length).toBeLessThanOrEqual(rows);
  });

  it('shows trouble first when not all agents fit, and says how many are hidden', () => {
    const agents = Array.from({ length: 30 }, (_, index) =>
      agent(index, index === 29 ? 'lost' : 'completed'),
    );
    const picture = frame(view('monitoring', { agents }));
    expect(picture).toMatch(/compute-29 +lost/);
    expect(picture).toMatch(/and \d+ more/);
  });

  it('lets no control character of an agent through', () => {
    const nasty = agent(1, 'running', { progress: 'a\u001b[2Jb\r\nc\u202ed' });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(frame(view('monitoring', { agents: [nasty] }))).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });
});

describe('changesBetween', () => {
  it('says nothing when nothing changed', () => {
    expect(changesBetween(view('monitoring'), view('monitoring'))).toEqual([]);
  });

  it('has one for a phase, a state, the counters and a round of clean-up, and none for what an agent says', () => {
    const later = view('cleaning', {
      agents: [agent(1, 'completed', { progress: 'all gone' }), agent(2, 'running', { progress: 'another' })],
      cleanup: { rounds: 1, verdict: 'leftovers', leftovers: [{}, {}, {}] },
    });
    const said = changesBetween(view('monitoring'), later);
    expect(said.map(({ words }) => words)).toEqual([
      'cleaning',
      'hm-0a1b2c3d-compute-01 completed: all gone',
      '2 agents: 1 running, 1 completed; 12 resources',
      'clean-up round 1: 3 left',
    ]);
    expect(said.map(({ change }) => change)).toMatchObject([
      { kind: 'phase', phase: 'cleaning' },
      { kind: 'agent', agent_id: 'hm-0a1b2c3d-compute-01', state: 'completed' },
      { kind: 'agents', running: 1, completed: 1 },
      { kind: 'cleanup', round: 1, left: 3, verdict: 'leftovers' },
    ]);
  });

  it('says that the connection was lost and came back, each once, and how the run ended', () => {
    const here = view('monitoring');
    const away = awayView(here, 'Nothing listens there.', ms(21));
    expect(changesBetween(here, away).map(({ words }) => words)).toEqual([
      'Nothing listens there. Trying again …',
    ]);
    expect(changesBetween(away, awayView(away, 'Still not.', ms(22)))).toEqual([]);
    expect(changesBetween(away, here).map(({ words }) => words)).toEqual(['The app answers again.']);
    const ended = view('monitoring', { status: 'stopped', cleanup_status: 'verified' });
    expect(changesBetween(here, ended)).toEqual([
      {
        change: { kind: 'ended', status: 'stopped', cleanup_status: 'verified' },
        words: 'stopped; clean-up verified',
      },
    ]);
  });
});

describe('events', () => {
  it('are counted by time, and drawn as bars', () => {
    expect(eventsBetween(EVENTS, ms(10), ms(20), 10)).toEqual([0, 2, 0, 0, 0, 0, 0, 0, 1, 0]);
    expect(EVENTS).toMatchObject({ total: 3, errors: 1 });
    expect(sparkline([0, 1, 4, 8])).toBe(' ▁▄█');
  });
});

describe('text', () => {
  it('cuts to the width and takes control characters out', () => {
    expect(printable('a\u001b[31mb\nc')).toBe('a [31mb c');
    expect(clip('abcdef', 4)).toBe('abc…');
    expect(clip('abcdef', 0)).toBe('');
  });

  it.each([
    [0, '0:00'],
    [65_400, '1:05'],
    [7_505_000, '2:05:05'],
    [-5, '0:00'],
  ])('%d ms is %s', (time, expected) => expect(clock(time)).toBe(expected));
});
