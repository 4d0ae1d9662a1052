import { createHash } from 'node:crypto';
import type { Report } from '../domain/report.ts';
import { agentsSection } from './html/agents.ts';
import { checksSection } from './html/checks.ts';
import { errorsSection } from './html/errors.ts';
import { type Content, type Html, html, trusted } from './html/escape.ts';
import { evidenceSection } from './html/evidence.ts';
import { headerSection } from './html/header.ts';
import { section } from './html/parts.ts';
import { repeatSection } from './html/repeat.ts';
import { resourcesSection } from './html/resources.ts';
import { STYLE } from './html/style.ts';
import { timeline } from './html/timeline.ts';
import { clock, day } from './units.ts';

/**
 * The report as one self-contained HTML page: no script, nothing loaded. The policy allows the one style sheet by its
 * hash and nothing else, so that even a name that escaped the escaping could not run or load anything.
 */
export function renderReport(report: Report): string {
  const styleHash = createHash('sha256').update(STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${report.runId} · HayMaker run report</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<main>
${headerSection(report)}
${bodySections(report)}
</main>
${footer(report)}
</body>
</html>
`.text;
}

/** What a reader needs first comes first: of a failed run its problems, of any other its course. */
function bodySections(report: Report): readonly Content[] {
  const course = section('timeline', 'Timeline', 'All times are UTC.', timeline(report));
  const problems = errorsSection(report);
  const checks = checksSection(report);
  const repeat = repeatSection(report);
  if (report.agents.length === 0 && report.cleanup.status === 'not_needed') {
    return [problems, checks, course, agentsSection(report), repeat];
  }
  const opening = report.status === 'failed' ? [problems, course] : [course, problems];
  return [
    ...opening,
    agentsSection(report),
    resourcesSection(report),
    evidenceSection(report),
    checks,
    repeat,
  ];
}

function footer(report: Report): Html {
  return html`<footer><p>Azure HayMaker run report, schema version ${report.schemaVersion}. Written ${day(report.completedAt)} ${clock(report.completedAt, 'second')} UTC. The same facts for programs: report.json beside this file.</p></footer>`;
}
