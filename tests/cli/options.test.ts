import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationHours, period, several, since, tag, wholeNumber } from '../../cli/options.ts';

describe('options', () => {
  it.each([
    ['8h', 8],
    ['8', 8],
    ['90m', 1.5],
    ['1d', 24],
    ['PT1H30M', 1.5],
    ['pt2h', 2],
    ['5400s', 1.5],
  ])('reads the duration %s', (text, hours) => {
    expect(durationHours(text)).toBe(hours);
  });

  it.each(['', '0h', '30m', '25h', '2d', 'P2D', 'eight', '-1h', 'NaN', 'Infinity', '1e1'])(
    'refuses the duration "%s"',
    (text) => {
      expect(() => durationHours(text)).toThrow('Expected 1 to 24 hours');
    },
  );

  it('reads how long ago, or a time', () => {
    const now = Date.parse('2026-11-21T06:00:00Z');
    expect(since('15m', now)).toBe('2026-11-21T05:45:00.000Z');
    expect(since('1d', now)).toBe('2026-11-20T06:00:00.000Z');
    expect(since('2026-11-21T05:00:00+01:00', now)).toBe('2026-11-21T04:00:00.000Z');
    expect(since('2026-11-21', now)).toBe('2026-11-21T00:00:00.000Z');
    for (const wrong of ['', 'yesterday', '15', '2026-13-01', '1']) {
      expect(() => since(wrong, now)).toThrow('Expected how long ago');
    }
  });

  it('reads tags, lists, periods and numbers', () => {
    expect(tag('team=soc', tag('note=a=b'))).toEqual({ note: 'a=b', team: 'soc' });
    expect(() => tag('team')).toThrow('Expected key=value');
    expect(several('compute-01, networking-01', ['webapps-01'])).toEqual([
      'webapps-01',
      'compute-01',
      'networking-01',
    ]);
    expect(() => several('a,,b')).toThrow('Expected a name');
    expect(period('7d')).toBe('7d');
    for (const wrong of ['0d', '7', 'week', '1000d']) expect(() => period(wrong)).toThrow('Expected days');
    expect(() => wholeNumber(1, 10)('11')).toThrow('from 1 to 10');
  });

  it('reads every whole number in its range, and nothing else', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 1_000 }), (n) => wholeNumber(1, 1_000)(String(n)) === n));
    fc.assert(
      fc.property(
        fc.string().filter((text) => !/^\d+$/.test(text)),
        (text) => {
          expect(() => wholeNumber(0)(text)).toThrow('Expected a whole number');
        },
      ),
    );
  });
});
