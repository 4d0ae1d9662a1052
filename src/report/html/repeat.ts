import { isoDuration } from '../../domain/duration.ts';
import type { Report } from '../../domain/report.ts';
import { secondsBetween } from '../units.ts';
import { type Html, html } from './escape.ts';
import { section } from './parts.ts';

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
export function repeatSection(report: Report): Html {
  const body = JSON.stringify(repeatRequest(report));
  const command = `curl -X POST "$HAYMAKER_URL/runtime/webhooks/durabletask/orchestrators/orchestrate_haymaker_run?code=$HAYMAKER_KEY" \\
  -H 'content-type: application/json' \\
  -d ${shellQuote(body)}`;
  const seed =
    report.seed === null
      ? 'The run ended before a seed was drawn.'
      : html`Seed <code>${report.seed}</code>. The same seed over the same catalogue selects the same scenarios; naming them keeps the run the same when the catalogue grows.`;
  return section('repeat', 'Run it again', seed, html`<pre tabindex="0"><code>${command}</code></pre>`);
}

/** One argument for a POSIX shell, whatever is in it. */
function shellQuote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
