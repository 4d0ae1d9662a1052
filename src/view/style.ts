/** The style sheet of what the report and the page share: system fonts, one column, light and dark, phone and paper. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf8; --card: #ffffff; --ink: #1f2328; --soft: #59606a; --line: #e3e1dc; --track: #eceae5;
  --good: #1f7a4d; --good-tint: #e6f3ec; --warn: #8f5b00; --warn-tint: #fbf0db; --bad: #b3261e; --bad-tint: #fbe9e7;
  --quiet-tint: #efeeea; --work: #4a7fb5; --phase: #c9c5bb; --monitor: #9dbbd8; --clean: #93c6ab;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #16181b; --card: #1d2024; --ink: #e6e4df; --soft: #a0a6ae; --line: #30343a; --track: #2a2e33;
    --good: #6cc79a; --good-tint: #1b3227; --warn: #e2b566; --warn-tint: #372c17; --bad: #f2897f; --bad-tint: #3c2220;
    --quiet-tint: #2a2d32; --work: #6fa3d6; --phase: #565a60; --monitor: #3f678f; --clean: #3c7558;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main, footer { max-width: 74rem; margin: 0 auto; padding: 0 1.5rem; }
main { padding-top: 3.5rem; }
p, ul, ol, dl, dd, h1, h2, h3 { margin: 0; padding: 0; }
.id, code { font-family: ui-monospace, "Cascadia Mono", "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .875em; }
.num, time, td, dd { font-variant-numeric: tabular-nums; }
.faint, .sub { color: var(--soft); }
.id, .sub, code, p, h1, h2, h3, td, tbody th, li { overflow-wrap: anywhere; }

.verdict { border-left: 4px solid var(--tone); padding-left: 1.5rem; }
.verdict.good { --tone: var(--good); } .verdict.warn { --tone: var(--warn); } .verdict.bad { --tone: var(--bad); }
.eyebrow { color: var(--soft); font-size: .875rem; }
.eyebrow .id { margin-left: .5rem; }
h1 { font-size: clamp(1.75rem, 1.2rem + 2.4vw, 2.6rem); line-height: 1.15; letter-spacing: -.02em; font-weight: 650; margin: .5rem 0 .9rem; text-wrap: balance; }
.lead { font-size: 1.1875rem; line-height: 1.5; max-width: 46rem; text-wrap: pretty; }
.badges { margin-top: 1.1rem; }
.when { color: var(--soft); font-size: .875rem; margin-top: .75rem; }

.badge {
  display: inline-block; border-radius: 1rem; padding: .05rem .6rem; margin-right: .25rem; font-size: .8125rem; font-weight: 550;
  white-space: nowrap; background: var(--tint); color: var(--tone);
}
.badge::before { margin-right: .35rem; }
.badge.good { --tone: var(--good); --tint: var(--good-tint); } .badge.good::before { content: "✓" / ""; }
.badge.warn { --tone: var(--warn); --tint: var(--warn-tint); } .badge.warn::before { content: "!" / ""; }
.badge.bad { --tone: var(--bad); --tint: var(--bad-tint); } .badge.bad::before { content: "×" / ""; }
.badge.quiet { --tone: var(--soft); --tint: var(--quiet-tint); }

.figures { display: flex; flex-wrap: wrap; column-gap: 1.75rem; margin-top: 2.5rem; border-top: 1px solid var(--line); border-bottom: 1px solid var(--line); }
.figures div { flex: 1 0 auto; padding: 1rem 0; display: flex; flex-direction: column; justify-content: flex-end; }
dt { color: var(--soft); font-size: .8125rem; }
dd { font-size: 1.5rem; font-weight: 600; letter-spacing: -.01em; line-height: 1.3; white-space: nowrap; }
dd .of { color: var(--soft); font-weight: 400; font-size: 1.125rem; }

section { margin-top: 3.5rem; }
h2 { font-size: 1.25rem; font-weight: 650; letter-spacing: -.01em; line-height: 1.3; }
h3 { font-size: 1rem; font-weight: 650; }
.note { color: var(--soft); font-size: .9375rem; margin-top: .2rem; max-width: 46rem; text-wrap: pretty; }
section > :nth-child(2):not(.note), section > .note + * { margin-top: 1.25rem; }
.empty { color: var(--soft); margin-top: 1rem; }
.plain { list-style: none; }
.plain li { padding: .35rem 0; font-size: .9375rem; }

.timeline { position: relative; }
.drawing { position: relative; }
.timeline svg { display: block; overflow: visible; }
.timeline svg text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; fill: var(--soft); font-variant-numeric: tabular-nums; }
.timeline .behind { position: absolute; inset: 34px 0 24px; height: calc(100% - 58px); pointer-events: none; }
.behind .column { fill: var(--good-tint); opacity: .55; }
.behind .grid { stroke: var(--line); }
.behind .planned { stroke: var(--soft); stroke-dasharray: 2 4; }
.behind .now { stroke: var(--work); stroke-width: 1.5; }
.phase .band { fill: var(--phase); }
.phase.monitoring .band { fill: var(--monitor); } .phase.cleaning .band { fill: var(--clean); }
.axis line { stroke: var(--line); }
.lanes { position: relative; list-style: none; }
.lane { padding: 5px 7px 7px; margin: 0 -7px; content-visibility: auto; contain-intrinsic-size: auto 40px; }
.lane-text { display: flex; gap: .6rem; align-items: baseline; font-size: .8125rem; line-height: 1.45; font-variant-numeric: tabular-nums; }
.lane-text > *, .words { background: linear-gradient(var(--paper), var(--paper)) no-repeat; }
.lane .label { font-weight: 550; white-space: nowrap; }
.lane .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0; padding-right: .3rem; }
.lane .end { margin-left: auto; padding-left: .3rem; white-space: nowrap; color: var(--soft); }
.words { font-size: .8125rem; color: var(--soft); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; width: fit-content; max-width: 100%; padding-right: .3rem; }
.bar line { stroke-linecap: round; }
.track { stroke: var(--track); stroke-width: 2; }
.work { stroke: var(--work); stroke-width: 7; }
.silent { stroke: var(--warn); stroke-width: 2; stroke-dasharray: 1 6; }
.mark { fill: var(--good); stroke: var(--paper); stroke-width: 2; }
.mark.cross { fill: none; stroke: var(--bad); stroke-width: 2.5; stroke-linecap: round; }
.mark.ring { fill: var(--paper); stroke: var(--warn); stroke-width: 2.5; }
.mark.ring.waiting { stroke: var(--soft); stroke-width: 2; }
.mark.head { fill: var(--paper); stroke: var(--work); stroke-width: 3; }
.running .mark.cross { stroke: var(--warn); }
.lane.failed .end, .lane.removed .end { color: var(--bad); } .lane.lost .end { color: var(--warn); }
.phases { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin-top: .75rem; font-size: .875rem; }
.phases li::before { content: ""; display: inline-block; width: .7rem; height: .3rem; border-radius: 1px; background: var(--phase); margin-right: .5rem; vertical-align: middle; }
.phases .monitoring::before { background: var(--monitor); } .phases .cleaning::before { background: var(--clean); }
.phases .num { color: var(--soft); margin-left: .25rem; }

table { border-collapse: collapse; width: 100%; font-size: .9375rem; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th { text-align: left; font-weight: 500; }
thead th { color: var(--soft); font-size: .8125rem; vertical-align: bottom; border-bottom: 1px solid var(--line); padding: 0 .9rem .4rem 0; }
tbody th, td { vertical-align: top; padding: .6rem .9rem .6rem 0; border-bottom: 1px solid var(--line); }
tr > :last-child { padding-right: 0; }
th.num, td.num { text-align: right; white-space: nowrap; }
td .sub, th .sub { display: block; font-size: .875rem; font-weight: 400; margin-top: .1rem; }
.cards th.main { min-width: 11rem; }

details { border-bottom: 1px solid var(--line); }
summary { cursor: pointer; padding: .65rem 0; }
summary .sub { font-size: .875rem; margin-left: .5rem; }
details > :last-child { margin-bottom: 1rem; }
:focus-visible { outline: 2px solid var(--work); outline-offset: 3px; border-radius: 2px; }
.alert { background: var(--bad-tint); border-radius: .5rem; padding: 1rem 1.25rem; margin-bottom: 1.25rem; }
.alert .advice { margin-top: .5rem; font-size: .9375rem; }
.alert .sub { display: block; font-size: .875rem; }

.errors { list-style: none; }
.errors li { display: grid; grid-template-columns: 5rem 1fr; gap: 0 1rem; padding: .5rem 0; font-size: .9375rem; }
.advice { color: var(--soft); }
.advice::before { content: "→ " / ""; color: var(--work); }

section.scroll { overflow-x: auto; margin-top: 1.25rem; }
.matrix { font-size: .875rem; min-width: 58rem; }
.matrix th, .matrix td { padding-right: .6rem; }
.matrix thead th { white-space: normal; line-height: 1.25; }
.matrix td:last-child { padding-right: .5rem; }
.matrix tbody th, .matrix td { padding-top: .4rem; padding-bottom: .4rem; }
.matrix th:first-child { padding-left: .6rem; text-align: right; }
.matrix .zero { color: var(--soft); }
.matrix .some { font-weight: 650; }
.matrix td.silent { color: var(--bad); font-weight: 550; }
.matrix .pass > * { background: var(--good-tint); }
.matrix .pass .zero { color: var(--good); }

pre { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem 1.25rem; overflow-x: auto; font-size: .9375rem; line-height: 1.6; }
pre code { overflow-wrap: normal; }
footer { margin-top: 4rem; padding-bottom: 3rem; color: var(--soft); font-size: .8125rem; }
footer p { border-top: 1px solid var(--line); padding-top: 1rem; }

@media screen and (max-width: 42rem) {
  main, footer { padding-left: 1rem; padding-right: 1rem; }
  main { padding-top: 1.5rem; }
  .verdict { padding-left: 1rem; }
  .eyebrow .id { display: block; margin-left: 0; }
  .lead { font-size: 1.0625rem; }
  .figures { display: grid; grid-template-columns: 1fr 1fr 1fr; column-gap: .75rem; margin-top: 1.75rem; }
  .figures div { padding: .75rem 0; }
  dd { font-size: 1.125rem; } dd .of { font-size: 1rem; }
  section { margin-top: 2.75rem; }
  .roomy { display: none; }
  .cards, .cards tbody, .cards tr, .cards th, .cards td { display: block; }
  .cards thead { display: none; }
  .cards tr { display: flex; flex-wrap: wrap; gap: .3rem 1rem; padding: .75rem 0; border-bottom: 1px solid var(--line); }
  .cards th, .cards td { border: 0; padding: 0; flex: 1 1 100%; }
  .cards th.main { order: -1; }
  .cards td:has(> .badge:only-child) { flex: 0 1 auto; }
  .cards td.num { flex: 0 1 auto; text-align: left; white-space: normal; }
  .cards td.num::before { content: attr(data-label); display: block; color: var(--soft); font-size: .75rem; }
  summary .sub { display: block; margin-left: 1.1rem; }
  .errors li { grid-template-columns: 1fr; }
}
@media print {
  @page { margin: 16mm; }
  :root { --paper: #fff; }
  body { background: #fff; font-size: 10.5pt; }
  h1 { font-size: 20pt; }
  section { margin-top: 1.75rem; }
  main { padding-top: 0; }
  main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  .badge, .matrix .pass > *, .band, .alert { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  details::details-content { content-visibility: visible; height: auto; }
  tr, .errors li, .figures, .verdict, .timeline { break-inside: avoid; }
  h2 { break-after: avoid; }
  .scroll { overflow: visible; }
  dd { font-size: 14pt; }
  .matrix { min-width: 0; font-size: 7pt; }
  .matrix thead th { font-size: 7pt; }
  .matrix th, .matrix td { padding-right: .25rem; }
  .matrix .badge { font-size: 7pt; padding: 0 .2rem; margin: 0; }
  pre { white-space: pre-wrap; }
  pre code { overflow-wrap: anywhere; }
  #repeat { break-inside: avoid; }
}
`;
