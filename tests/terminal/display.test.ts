import { PassThrough } from 'node:stream';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { liveDisplay, plainDisplay } from '../../terminal/display.ts';
import { NO_EVENTS } from '../../terminal/events.ts';
import { newView, nextView } from '../../terminal/view.ts';

const EMPTY = newView('demo-1', Date.now());
const LOOK = {
  run_id: 'demo-1',
  status: 'running',
  phase: 'monitoring',
  scenarios: [],
  phases: [],
  agents: [{ agent_id: 'hm-1-compute-01', scenario: 'compute-01', status: 'running' }],
};
const SEEN = nextView(EMPTY, LOOK, NO_EVENTS);

describe('plainDisplay', () => {
  it('writes time-stamped lines, one for each change', () => {
    const out = new PassThrough();
    const display = plainDisplay(out);
    display.say('storage is up');
    display.show(EMPTY);
    for (let time = 0; time < 20; time++) display.show(SEEN);
    display.close();
    const lines = String(out.read()).trimEnd().split('\n');
    for (const line of lines) expect(line).toMatch(/^\d\d:\d\d:\d\d /);
    expect(lines.map((line) => line.slice(9))).toEqual([
      'storage is up',
      'monitoring',
      'hm-1-compute-01 running',
      '1 agent: 1 running',
    ]);
  });
});

describe('liveDisplay', () => {
  it('draws on the second screen, anew when the window changes its size, and leaves the last picture on the first', () => {
    const out = Object.assign(new PassThrough(), { columns: 80, rows: 24 });
    const written = () => String(out.read() ?? '');
    const display = liveDisplay(out as unknown as NodeJS.WriteStream, pc.createColors(false));
    display.show(SEEN);
    const first = written();
    expect(first.startsWith('\u001b[?1049h')).toBe(true);
    expect(first).toContain('compute-01');
    out.columns = 30;
    out.emit('resize');
    const lines = written()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences are not part of the width
      .replace(/\u001b\[[?\d]*[a-zA-Z]/g, '')
      .split('\r\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(30);
    display.close();
    display.close();
    const [, after = ''] = written().split('\u001b[?1049l');
    expect(after).toContain('HayMaker demo-1');
    expect(after.endsWith('\n')).toBe(true);
    expect(out.listenerCount('resize')).toBe(0);
  });
});
