import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { AgentState } from '../../src/domain/agent.ts';
import type { Report } from '../../src/domain/report.ts';
import { buildReport } from '../../src/report/build.ts';
import { renderReport } from '../../src/report/html.tsx';
import { cleaned } from '../../src/view/clean.ts';
import { repeatRequest } from '../../src/view/repeat.tsx';
import { ticks, timeScale } from '../../src/view/scale.ts';
import { at, CHECKS, cleanupRound, leftover, runInput, START } from './runs.ts';

const minute = buildReport(
  runInput({ ends: ['completed', 'failed', 'lost', 'running', 'removed'], workSeconds: 60 }),
);
const page = renderReport(minute);
const sectionIds = (text: string) => [...text.matchAll(/<section id="([^"]+)"/g)].map(([, id]) => id);
const occurrences = (text: string, part: string) => text.split(part).length - 1;

describe('the page', () => {
  test('says the outcome first, then the course of the run', () => {
    expect(page.indexOf('<h1>Completed with failures. Nothing is left.</h1>')).toBeGreaterThan(0);
    expect(page.indexOf(minute.summary)).toBeGreaterThan(page.indexOf('<h1>'));
    expect(sectionIds(page)).toEqual([
      'timeline',
      'problems',
      'agents',
      'footprint',
      'resources',
      'evidence',
      'checks',
      'repeat',
    ]);
    expect(page).toContain('schema version 1');
  });

  test('of a failed run the problems come first', () => {
    const input = runInput({ ends: ['failed'], workSeconds: 60, rounds: [cleanupRound(1, 80)] });
    expect(sectionIds(renderReport(buildReport(input))).slice(0, 2)).toEqual(['problems', 'timeline']);
  });

  test('is one file: nothing is loaded and nothing can run', () => {
    const css = /<style>([\s\S]*)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(css).digest('base64');
    expect(page).toContain(
      `content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`,
    );
    expect(page).not.toMatch(
      /<(script|link|img|iframe|object|embed|form|a)\b|\sstyle=|\son\w+=|url\(|@import|https?:\/\//i,
    );
  });

  test('every tag that is opened is closed in order', () => {
    expect(unbalanced(page)).toEqual([]);
  });

  test('has a lane for each agent, with an end that does not need colour', () => {
    expect(occurrences(page, 'class="lane ')).toBe(5);
    for (const words of ['>completed 14:', '>failed 14:', '>lost 14:', '>did not end<', '>undone 14:']) {
      expect(page).toContain(words);
    }
    expect(page).toContain('<ol class="lanes" aria-label="Agents">');
  });

  test('marks the final clean passes, and only these', () => {
    expect(occurrences(page, '<tr class="pass">')).toBe(2);
    expect(page).toContain('The last 2 rounds, marked, saw nothing anywhere.');
  });

  test('shows the proof, what it follows and how to check it; none where there is none', () => {
    const previous = { runId: 'run-before', digest: 'b'.repeat(64) };
    const proof = { algorithm: 'sha-256', canonical: 'rfc8785/evidence-1', digest: 'a'.repeat(64) } as const;
    const text = renderReport({ ...minute, proof: { ...proof, previous } });
    for (const part of [proof.digest, previous.runId, previous.digest, 'npm run verify-proof']) {
      expect(text).toContain(part);
    }
    expect(renderReport({ ...minute, proof: { ...proof, previous: null } })).toContain(
      'the first of its chain',
    );
    expect(unbalanced(text)).toEqual([]);
    expect(page).not.toContain('verify-proof');
  });

  test('a silent source is "no answer", never a nought, and what is left is "not known"', () => {
    const input = runInput({ ends: ['completed'], workSeconds: 60 });
    const report = buildReport({
      ...input,
      rounds: [cleanupRound(1, 80, { silent: 'key-vault' })],
      result: { ...(input.result ?? expect.unreachable()), status: 'unknown', blindSources: ['key-vault'] },
    });
    const text = renderReport(report);
    expect(text).toContain(
      '<td class="num silent" title="TooManyRequests: asked to wait 30 s">no answer</td>',
    );
    expect(text).toContain('<dt>Left</dt><dd>not known</dd>');
    expect(text).not.toContain('<tr class="pass">');
  });

  test('a leftover is listed with the whole id and the reason', () => {
    const input = runInput({ ends: ['completed'], workSeconds: 60 });
    const vnet = leftover('vnet', input.agents[0]?.agentId ?? '');
    const report = buildReport({
      ...input,
      rounds: [cleanupRound(1, 80, { leftovers: [vnet] })],
      result: {
        ...(input.result ?? expect.unreachable()),
        status: 'leftovers',
        quarantined: [{ kind: 'resource', id: vnet.id, reason: 'ScopeLocked by "keep"' }],
      },
    });
    const text = renderReport(report);
    expect(text).toContain(
      `<code>${vnet.id}</code> <span class="sub">ScopeLocked by &quot;keep&quot;</span>`,
    );
    expect(text).toContain('class="verdict bad"');
  });

  test('a run that failed validation shows its checks and no empty tables', () => {
    const { plan: _plan, result: _result, ...input } = runInput({ ends: [], workSeconds: 0 });
    const report = buildReport({
      ...input,
      run: { ...input.run, cleanupStatus: 'not_needed' },
      phases: input.phases.slice(0, 1),
      rounds: [],
      checks: CHECKS.map((check, index) =>
        index === 0 ? { ...check, passed: false, advice: 'Renew it.' } : check,
      ),
    });
    const text = renderReport(report);
    expect(sectionIds(text)).toEqual(['problems', 'checks', 'timeline', 'agents', 'repeat']);
    expect(text).toContain('Renew it.');
  });
});

describe('extremes', () => {
  test('30 agents for 8 hours: long lists are collapsed, the page stays small', () => {
    const ends = Array.from(
      { length: 30 },
      (_, index): AgentState => (index % 10 === 9 ? 'lost' : 'completed'),
    );
    const report = buildReport(runInput({ ends, workSeconds: 8 * 3_600, resourcesPerAgent: 12 }));
    const text = renderReport(report);
    expect(report.resources.created).toBe(510);
    expect(occurrences(text, 'class="lane ')).toBe(30);
    expect(text).not.toContain('<details open><summary><span class="id">ai-ml-01');
    expect(text.length).toBeLessThan(400_000);
    expect(unbalanced(text)).toEqual([]);
  });

  test('times that are no times are shown as they are and break nothing', () => {
    const broken = renderReport({ ...minute, startedAt: 'soon', completedAt: '', endsAt: 'later' });
    expect(broken).toContain('soon');
    expect(broken).not.toContain('NaN');
  });

  test.each([
    [1, 5],
    [60, 8],
    [92, 8],
    [8 * 3_600, 8],
    [9 * 86_400, 8],
  ])('a run of %d seconds has at most %d ticks, all inside', (seconds, most) => {
    const scale = timeScale({ startedAt: START, completedAt: at(seconds) });
    const marks = ticks(scale, most);
    expect(marks.length).toBeGreaterThan(0);
    expect(marks.length).toBeLessThanOrEqual(most);
    expect(marks.every((mark) => mark >= scale.start && mark <= scale.end)).toBe(true);
  });
});

describe('hostile strings', () => {
  const attack = `"><script>alert(1)</script><img src=x onerror=alert(1)></style></title>' onload=x &\u202e{{`;

  test('in every field of the report: the page keeps its tags and gains none', () => {
    const hostile = poisoned(minute, attack);
    const text = renderReport(hostile);
    expect(tagNames(text)).toEqual(tagNames(renderReport(poisoned(minute, 'harmless'))));
    expect(text).not.toMatch(/<script|<img|\u202e/i);
    expect(unbalanced(text)).toEqual([]);
    expect(occurrences(text, '</style>')).toBe(1);
  });

  test('the command to run it again quotes the seed for the shell', () => {
    const report = { ...minute, seed: `'; rm -rf ~ #` };
    expect(renderReport(report)).toContain(`&quot;seed&quot;:&quot;'\\''; rm -rf ~ #&quot;`);
  });

  test('characters that deceive the eye become visible, in names of members, too', () => {
    expect(cleaned({ 'a\u0000': ['b\u2066c\nd', 1, null, { e: 'f\u202eg' }] })).toEqual({
      'a\ufffd': ['b\ufffdc\nd', 1, null, { e: 'f\ufffdg' }],
    });
  });
});

test('the same run can be asked for again', () => {
  expect(repeatRequest(minute)).toEqual({
    scenarios: minute.agents.map(({ scenarioId }) => scenarioId),
    seed: 'haymaker-demo',
    duration: 'PT1M10S',
  });
});

/** The report with `text` in place of every string that is not one of the closed words the types know. */
function poisoned(report: Report, text: string): Report {
  const closed = new Set([
    'state',
    'phase',
    'verdict',
    'outcome',
    'source',
    'status',
    'kind',
    'trigger',
    'removedBy',
  ]);
  const isOutcomeOfEvidence = (value: string) => value === 'answered' || value === 'failed';
  return JSON.parse(
    JSON.stringify(report, (key, value: unknown) => {
      if (typeof value !== 'string') return value;
      if (closed.has(key) && (key !== 'outcome' || isOutcomeOfEvidence(value)) && key !== 'kind')
        return value;
      return text;
    }),
  );
}

function tagNames(text: string): string[] {
  return [...text.matchAll(/<(\/?[a-z][a-z0-9]*)/gi)].map(([, name]) => name ?? '');
}

/** Tags that are closed out of order or never. */
function unbalanced(text: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  const tags = text
    .replace(/<style>[\s\S]*<\/style>/, '')
    .matchAll(/<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^">])*)>/gi);
  for (const [, slash, name = '', attributes = ''] of tags) {
    if (name === 'meta' || attributes.endsWith('/')) continue;
    if (slash === '') open.push(name);
    else if (open.pop() !== name) wrong.push(name);
  }
  return [...wrong, ...open];
}
