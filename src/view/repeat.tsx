import { isoDuration } from '../domain/isoDuration.ts';
import type { Report } from '../domain/report.ts';
import { secondsBetween } from '../report/units.ts';
import { Section } from './parts.tsx';

/** The body that starts the same run again: same scenarios, same seed, same length. */
export function repeatRequest(report: Report): { scenarios?: string[]; seed?: string; duration?: string } {
  const scenarios = report.agents.map(({ scenarioId }) => scenarioId);
  const seconds = report.endsAt ? secondsBetween(report.startedAt, report.endsAt) : 0;
  return {
    ...(scenarios.length > 0 ? { scenarios } : {}),
    ...(report.seed === null ? {} : { seed: report.seed }),
    ...(seconds >= 1 ? { duration: isoDuration(seconds) } : {}),
  };
}

/** The seed, and a command that starts the same run on the durable webhook. */
export function Repeat({ report }: { report: Report }) {
  const body = JSON.stringify(repeatRequest(report));
  const command = `curl -X POST "$HAYMAKER_URL/runtime/webhooks/durabletask/orchestrators/orchestrate_haymaker_run?code=$HAYMAKER_KEY" \\
  -H 'content-type: application/json' \\
  -d ${shellQuote(body)}`;
  const seed =
    report.seed === null ? (
      'The run ended before a seed was drawn.'
    ) : (
      <>
        Seed <code>{report.seed}</code>. The same seed over the same catalogue selects the same scenarios;
        naming them keeps the run the same when the catalogue grows.
      </>
    );
  return (
    <Section id="repeat" title="Run it again" note={seed}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0}>
        <code>{command}</code>
      </pre>
    </Section>
  );
}

/** One argument for a POSIX shell, whatever is in it. */
function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
