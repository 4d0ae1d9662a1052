import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { DailyPlot } from '../data/daily.ts';

const HEIGHT = 150;
const DAY_SECONDS = 86_400;
const BAR: uPlot.Series.BarsPathBuilderOpts = { size: [0.65, 18], radius: 0.15 };

/**
 * One plot over the last days: stacked bars. All plots of a page share their cursor; what it points at stands in words in
 * the caption. The drawing itself is an image with a description; the table below the plots has every figure.
 */
export function Plot({ plot, label }: { plot: DailyPlot; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<number | null>(null);
  const dark = useDark();
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const drawn = new uPlot(
      optionsOf(plot, element, (index) => setAt(index)),
      stacked(plot),
      element,
    );
    const watch = new ResizeObserver(() => drawn.setSize({ width: element.clientWidth, height: HEIGHT }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      drawn.destroy();
    };
  }, [plot, dark]);
  return (
    <figure class="plot">
      <figcaption>
        <h3>{plot.title}</h3>
        <p class="num">{at === null ? plot.total : readout(plot, at)}</p>
      </figcaption>
      <div ref={box} role="img" aria-label={label} />
      {plot.series.length > 1 && (
        <ul class="legend">
          {plot.series.map(({ name, colour }) => (
            <li key={name} class={`key-${colour}`}>
              {name}
            </li>
          ))}
        </ul>
      )}
    </figure>
  );
}

/** What a day was, in words: "21 Nov: 3 completed, 1 failed". */
function readout(plot: DailyPlot, index: number): string {
  const parts = plot.series
    .map(({ name, values }) => [name, values[index] ?? 0] as const)
    .filter(([, value]) => value > 0)
    .map(([name, value]) => `${plot.format(value)}${plot.series.length > 1 ? ` ${name}` : ''}`);
  return `${plot.dayNames[index] ?? ''}: ${parts.length > 0 ? parts.join(', ') : 'none'}`;
}

/** Times and, for each series, its values on top of those before it: the tallest is drawn first, the others over it. */
function stacked({ days, series }: DailyPlot): uPlot.AlignedData {
  const sums = days.map(() => 0);
  const stacks = series.map(({ values }) =>
    values.map((value, index) => {
      sums[index] = (sums[index] ?? 0) + value;
      return value > 0 ? (sums[index] ?? 0) : null;
    }),
  );
  return [[...days], ...stacks.toReversed()] as uPlot.AlignedData;
}

function optionsOf(
  plot: DailyPlot,
  element: HTMLElement,
  onPoint: (index: number | null) => void,
): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const axis = {
    stroke: colour('soft'),
    font: '11px system-ui, sans-serif',
    ticks: { show: false },
    grid: { stroke: colour('line'), width: 1 },
  };
  const first = plot.days[0] ?? 0;
  const last = plot.days.at(-1) ?? 0;
  return {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [8, 4, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: 'days' },
      drag: { x: false, y: false },
      y: false,
      points: { show: false },
    },
    hooks: { setCursor: [(self) => onPoint(self.cursor.idx ?? null)] },
    scales: {
      x: { time: true, range: [first - DAY_SECONDS / 2, last + DAY_SECONDS / 2] },
      y: { range: (_, __, max) => [0, Math.max(plot.atLeast, max * 1.08)] },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 28, gap: 8, values: (_, splits) => splits.map(shortDay) },
      {
        ...axis,
        size: 44,
        gap: 4,
        space: 34,
        incrs: [...plot.steps],
        values: (_, splits) => splits.map(plot.format),
      },
    ],
    series: [
      {},
      ...plot.series.toReversed().map(({ name, colour: hue }) => ({
        label: name,
        fill: colour(hue),
        stroke: colour(hue),
        width: 0,
        points: { show: false },
        ...(uPlot.paths.bars ? { paths: uPlot.paths.bars(BAR) } : {}),
      })),
    ],
  };
}

const ofDay = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

function shortDay(seconds: number): string {
  return ofDay.format(seconds * 1_000);
}

function useDark(): boolean {
  const query = matchMedia('(prefers-color-scheme: dark)');
  const [dark, setDark] = useState(query.matches);
  useEffect(() => {
    const look = () => setDark(query.matches);
    query.addEventListener('change', look);
    return () => query.removeEventListener('change', look);
  }, [query]);
  return dark;
}
