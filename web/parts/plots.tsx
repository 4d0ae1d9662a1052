import { useEffect, useMemo, useState } from 'preact/hooks';
import type { RunSummary } from '../../src/api/schemas/runs.ts';
import { type DailyPlot, dailyPlots } from '../data/daily.ts';

type PlotModule = typeof import('./plot.tsx');

/** The last 30 days, drawn. The plotting library is loaded for those who look at it. */
export function Plots({ runs }: { runs: readonly RunSummary[] }) {
  const plots = useMemo(() => dailyPlots(runs, new Date()), [runs]);
  const [drawing, setDrawing] = useState<PlotModule | undefined>();
  useEffect(() => {
    // What cannot be loaded is not drawn: the table has the figures.
    import('./plot.tsx').then(setDrawing, () => {});
  }, []);
  return (
    <>
      <div class="plots" data-testid="plots">
        {plots.map((plot) =>
          drawing ? (
            <drawing.Plot key={plot.title} plot={plot} label={labelOf(plot)} />
          ) : (
            <div key={plot.title} class="plot waiting" />
          ),
        )}
      </div>
      <FiguresTable plots={plots} />
    </>
  );
}

function labelOf({ title, total }: DailyPlot): string {
  return `${title} a day, as bars: ${total}. The figures are in the table below.`;
}

/** The same figures for those who do not see the drawings. */
function FiguresTable({ plots }: { plots: readonly DailyPlot[] }) {
  const first = plots[0];
  const series = plots.flatMap(({ series, format, title }) =>
    series.map((one) => ({ ...one, format, title: series.length > 1 ? one.name : title })),
  );
  if (!first) return null;
  const rows = first.dayNames
    .map((name, index) => ({ name, values: series.map(({ values }) => values[index] ?? 0) }))
    .filter(({ values }) => values.some((value) => value > 0))
    .toReversed();
  if (rows.length === 0) return null;
  return (
    <details class="figures-table">
      <summary>The same as a table</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="scroll" aria-label="Figures of each day" tabIndex={0}>
        <table>
          <caption>Each day with runs</caption>
          <thead>
            <tr>
              <th scope="col">Day</th>
              {series.map(({ title }) => (
                <th scope="col" class="num" key={title}>
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, values }) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {values.map((value, index) => (
                  <td class="num" key={series[index]?.title}>
                    {series[index]?.format(value)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
