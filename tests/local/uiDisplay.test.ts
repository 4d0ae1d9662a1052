import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createDisplay } from '../../local/ui/display.ts';
import { newView, nextView } from '../../local/ui/view.ts';

const AGENTS = { total: 1, provisioning: 0, running: 1, completed: 0, failed: 0 };

describe('createDisplay', () => {
  it('writes time-stamped lines where there is no terminal, one for each change', () => {
    const out = new PassThrough();
    const display = createDisplay(out as unknown as NodeJS.WriteStream);
    let view = newView('demo-1', Date.now());
    display.say('storage is up');
    display.show(view);
    for (let look = 0; look < 20; look++) {
      view = nextView(view, { phase: 'monitoring', agents: AGENTS }, undefined, Date.now());
      display.show(view);
    }
    display.close();
    const lines = String(out.read()).trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/^\d\d:\d\d:\d\d /);
    expect(lines.map((line) => line.slice(9))).toEqual(['storage is up', 'monitoring', '1 agent: 1 running']);
  });
});
