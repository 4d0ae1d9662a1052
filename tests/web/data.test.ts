import { describe, expect, test } from 'vitest';
import { pastRuns } from '../../local/screenshots/history.ts';
import { runSummary } from '../../src/api/runViews.ts';
import { DAYS, dailyPlots, lastMidnights, plotsFrom } from '../../web/data/daily.ts';
import { parseFrame } from '../../web/data/stream.ts';
import { hrefs, parseRoute } from '../../web/route.ts';

describe('the address', () => {
  test.each([
    ['', { view: 'now' }],
    ['#/runs', { view: 'runs' }],
    [hrefs.run('run-1:a@b'), { view: 'run', id: 'run-1:a@b' }],
    [hrefs.agent('hm-1-compute-01'), { view: 'agent', id: 'hm-1-compute-01' }],
    [hrefs.scenario('a/b'), { view: 'scenario', id: 'a/b' }],
    ['#/agents', { view: 'now' }],
    ['#/runs/%', { view: 'run', id: '%' }],
    ['#/__proto__/x', { view: 'now' }],
  ])('%s is a view', (hash, route) => {
    expect(parseRoute(hash)).toEqual(route);
  });
});

describe('a frame of a stream', () => {
  test('has an id and data, also over several lines', () => {
    expect(parseFrame('id: 7\nevent: log\ndata: {"a":\ndata: 1}')).toEqual({ id: '7', data: '{"a":\n1}' });
  });
  test('without data is none', () => {
    expect(parseFrame(': nothing yet')).toBeUndefined();
    expect(parseFrame('retry: 500')).toBeUndefined();
  });
});

describe('the plots', () => {
  const now = new Date('2026-11-21T14:30:00Z');
  const runs = pastRuns(now).map(runSummary);
  const plots = dailyPlots(runs, now);

  test('show every run of the last 30 days once, on its day', () => {
    const from = plotsFrom(now);
    const [outcomes] = plots;
    const drawn = outcomes?.series.flatMap(({ values }) => values).reduce((sum, one) => sum + one, 0);
    expect(drawn).toBe(runs.filter(({ started_at }) => started_at >= from).length);
    expect(plots.every(({ days }) => days.length === DAYS)).toBe(true);
  });

  test('add up what was left and what it cost', () => {
    const total = (title: string) =>
      plots.find((plot) => plot.title === title)?.series[0]?.values.reduce((sum, one) => sum + one, 0);
    expect(total('Left behind')).toBe(2);
    const cost = runs.reduce((sum, { estimated_cost_usd }) => sum + (estimated_cost_usd ?? 0), 0);
    expect(total('Cost, estimated')).toBeCloseTo(cost, 6);
  });

  test('have a day for each midnight, in order, whatever the clocks do', () => {
    const midnights = lastMidnights(now);
    expect(midnights).toHaveLength(DAYS);
    expect(midnights.map((at) => new Date(at).getHours())).toEqual(midnights.map(() => 0));
    expect(midnights).toEqual([...new Set(midnights)].sort((a, b) => a - b));
  });
});
