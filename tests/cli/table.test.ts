import fc from 'fast-check';
import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { AGENT_COLUMNS } from '../../cli/commands/agents.ts';
import { type Column, renderFields, renderTable } from '../../cli/output/table.ts';
import { clip, instantFromNow, printable, span } from '../../cli/output/text.ts';

const colours = pc.createColors(false);
const agent = {
  agent_id: 'hm-0a1b2c3d-networking-01',
  scenario: 'networking-01',
  status: 'running',
  started_at: '2026-11-21T06:00:03Z',
  progress: 'created the subnet for the web servers and its network security group',
};
const widthOf = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('a table', () => {
  it('is shown whole where nobody measures', () => {
    expect(renderTable(AGENT_COLUMNS, [agent], { columns: undefined, colours })).toBe(
      [
        'AGENT                      SCENARIO       STATUS   STARTED (UTC)        ENDED (UTC)  WHAT IT SAYS',
        'hm-0a1b2c3d-networking-01  networking-01  running  2026-11-21 06:00:03  -            created the subnet for the web servers and its network security group',
      ].join('\n'),
    );
  });

  it('cuts what is long, then leaves columns out, and keeps the id whole', () => {
    expect(renderTable(AGENT_COLUMNS, [agent], { columns: 120, colours })).toBe(
      [
        'AGENT                      SCENARIO       STATUS   STARTED (UTC)        ENDED (UTC)  WHAT IT SAYS',
        'hm-0a1b2c3d-networking-01  networking-01  running  2026-11-21 06:00:03  -            created the subnet for the web ser…',
      ].join('\n'),
    );
    expect(renderTable(AGENT_COLUMNS, [agent], { columns: 80, colours })).toBe(
      [
        'AGENT                      STATUS   WHAT IT SAYS',
        'hm-0a1b2c3d-networking-01  running  created the subnet for the web servers and …',
      ].join('\n'),
    );
  });

  it('is never wider than the screen that can hold what must be whole', () => {
    const columns: Column<string[]>[] = [
      { title: 'Id', value: ([id]) => id },
      { title: 'Long', value: ([, long]) => long, min: 8, cut: 'middle' },
      { title: 'Extra', value: ([, , extra]) => extra, dispensable: 1 },
    ];
    const row = fc.tuple(fc.string({ maxLength: 20 }), fc.string({ maxLength: 200 }), fc.string());
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 8 }),
        fc.integer({ min: 32, max: 200 }),
        (rows, width) => {
          expect(widthOf(renderTable(columns, rows, { columns: width, colours }))).toBeLessThanOrEqual(width);
        },
      ),
    );
  });

  it('colours states and nothing else, with widths that do not count the colour', () => {
    const on = pc.createColors(true);
    const columns: Column<string>[] = [
      { title: 'State', value: (row) => row, isState: true },
      { title: 'Next', value: () => 'x' },
    ];
    const lines = renderTable(columns, ['completed', 'failed'], { columns: 80, colours: on }).split('\n');
    expect(lines[1]).toBe(`${on.green('completed')}  x`);
    expect(lines[2]).toBe(`${on.red('failed')}     x`);
  });
});

describe('text of a server', () => {
  it('cannot move the cursor, rename the window or begin a line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
        expect(printable(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
    expect(printable('\u001b]0;mine\u0007\u001b[2Jdone\r\nnext')).toBe(' ]0;mine [2Jdone next');
  });

  it('is cut at its end or in its middle', () => {
    expect(clip('abcdefghij', 5)).toBe('abcd…');
    expect(clip('abcdefghij', 5, 'middle')).toBe('ab…ij');
    expect(clip('abc', 5)).toBe('abc');
    expect([clip('abc', 1), clip('abc', 0)]).toEqual(['…', '']);
  });
});

describe('times', () => {
  it('are said in UTC and from now', () => {
    const now = Date.parse('2026-11-21T06:00:00Z');
    expect(instantFromNow('2026-11-21T12:05:00Z', now)).toBe('2026-11-21 12:05:00 (in 6 h 5 min)');
    expect(instantFromNow('2026-11-21T06:59:30+01:00', now)).toBe('2026-11-21 05:59:30 (30 s ago)');
    expect(instantFromNow(null, now)).toBe('-');
    expect([span(0), span(59_000), span(3_600_000), span(50 * 3_600_000)]).toEqual([
      '0 s',
      '59 s',
      '1 h',
      '2 days',
    ]);
  });
});

describe('fields', () => {
  it('leave out what is not known', () => {
    const fields = [
      ['Run', 'a'],
      ['Phase', undefined],
      ['Started', 'b'],
    ] as const;
    expect(renderFields(fields, { columns: 80, colours })).toBe('Run      a\nStarted  b');
  });
});
