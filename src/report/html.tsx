import { createHash } from 'node:crypto';
import { renderToString } from 'preact-render-to-string';
import type { Report } from '../domain/report.ts';
import { cleaned, cleanText } from '../view/clean.ts';
import { ReportView } from '../view/report.tsx';
import { STYLE } from '../view/style.ts';
import { clock, day } from './units.ts';

/**
 * The report as one self-contained HTML page, drawn by the components of the page: no script, nothing loaded. The policy
 * allows the one style sheet by its hash and nothing else, so that even a name that escaped the escaping could not run or
 * load anything.
 */
export function renderReport(written: Report): string {
  const report = cleaned(written);
  const styleHash = createHash('sha256').update(STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;
  const body = renderToString(
    <>
      <main>
        <ReportView report={report} />
      </main>
      <footer>
        <p>
          Azure HayMaker run report, schema version {report.schemaVersion}. Written {day(report.completedAt)}{' '}
          {clock(report.completedAt, 'second')} UTC. The same facts for programs: report.json beside this
          file.
        </p>
      </footer>
    </>,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
${renderToString(<title>{`${cleanText(report.runId)} · HayMaker run report`}</title>)}
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
}
