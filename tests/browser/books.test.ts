import type { Browser, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from '../e2e/support/http.ts';
import { type Target, target } from '../e2e/support/target.ts';
import { RUN_ID } from '../report/runs.ts';
import { axe } from './support/axe.ts';
import { hostileRun, largeRun, unspeakableRun, writeBooks } from './support/books.ts';
import { hasBrowser, launch, picture, settled, show, visit } from './support/browser.ts';
import { HOSTILE, hostile, PAYLOADS } from './support/hostile.ts';
import { noteLongTasks, scrollAbout } from './support/tasks.ts';

const LARGE = 'large';
const AGENTS = 500;
const LINES = 10_000;
const TALKER = 'hm-1a2b3c4d-compute-001';

/** Every view of the page, by name and hash. */
const VIEWS = [
  ['now', '#/now'],
  ['runs', '#/runs'],
  ['run', `#/runs/${RUN_ID}`],
  ['agent', `#/agents/${hostileAgent()}`],
  ['scenarios', '#/scenarios'],
  ['scenario', '#/scenarios/compute-01'],
  ['health', '#/health'],
] as const;

function hostileAgent(): string {
  return hostileRun().agents[0]?.agentId ?? '';
}

describe.skipIf(!hasBrowser())('the page, with books that are large or mean harm', () => {
  let at: Target;
  let browser: Browser;

  beforeAll(async () => {
    [at, browser] = await Promise.all([target(), launch()]);
    if (!at.stack) throw new Error('These tests write into the storage of a stack of their own.');
    // A run is live when the engine says so: this orchestration waits for weeks and does nothing.
    await request(`${at.url}/runtime/webhooks/durabletask/orchestrators/base_orchestrator/${LARGE}`, {
      body: { message: 'wait', wait_event_name: 'never', timeout: 'P7D' },
    });
    await writeBooks(at.stack, [unspeakableRun(), hostileRun(), largeRun(LARGE, AGENTS, LINES)]);
  });
  afterAll(async () => {
    await browser?.close();
    await at?.stop();
  });

  it.each(['light', 'dark'] as const)('has no violation of axe in any view, in %s', async (scheme) => {
    const { page, faults, close } = await visit(browser, `${at.url}/dashboard`, { scheme });
    const found: string[] = [];
    for (const [view, hash] of VIEWS) {
      await show(page, view, hash);
      found.push(...(await axe(page)).map((line) => `${view}: ${line}`));
      await picture(page, `${view}-${scheme}`);
    }
    expect(found).toEqual([]);
    expect(faults).toEqual([]);
    await close();
  });

  it('fits a phone: nothing is wider than the screen, and axe has nothing to say', async () => {
    const { page, close } = await visit(browser, `${at.url}/dashboard`, { width: 390, height: 844 });
    const found: string[] = [];
    for (const [view, hash] of VIEWS) {
      await show(page, view, hash);
      const width = await page.evaluate(() => document.documentElement.scrollWidth);
      if (width > 390) found.push(`${view} is ${width} px wide`);
      found.push(...(await axe(page)).map((line) => `${view}: ${line}`));
      await picture(page, `${view}-phone`);
    }
    expect(found).toEqual([]);
    await close();
  });

  it(`shows ${AGENTS} agents, and scrolls through them`, async () => {
    const { page, faults, close } = await visit(browser, `${at.url}/dashboard`, { before: noteLongTasks });
    await page.getByRole('heading', { name: `${AGENTS} agents` }).waitFor();
    const blocked = await scrollAbout(page);
    console.log(`${AGENTS} agents: long tasks while scrolling: ${JSON.stringify(blocked)}`);
    await page.getByText('compute-500').first().waitFor({ state: 'attached' });
    expect(faults).toEqual([]);
    await close();
  });

  it(`shows a log of ${LINES} lines without drawing them all, and scrolls through it`, async () => {
    const { page, faults, close } = await visit(browser, `${at.url}/dashboard#/agents/${TALKER}`, {
      before: noteLongTasks,
    });
    await page.getByTestId('view-agent').waitFor();
    await settled(page);
    await page.getByText(`Operation ${LINES}:`).waitFor();
    const blocked = await scrollAbout(page);
    console.log(`${LINES} log lines: long tasks while scrolling: ${JSON.stringify(blocked)}`);
    expect(await page.locator('main *').count()).toBeLessThan(3_000);
    expect(faults).toEqual([]);
    await close();
  });

  it('shows what hostile hands wrote into the books as text, and runs none of it', async () => {
    const { page, faults, close } = await visit(browser, `${at.url}/dashboard`);
    for (const [view, hash] of VIEWS) await show(page, view, hash);
    await show(page, 'agent', `#/agents/${hostileAgent()}`);
    for (const payload of PAYLOADS.slice(0, 3)) await page.getByText(payload).first().waitFor();
    await show(page, 'runs', '#/runs');
    await page.getByText('run"><img src=x').first().waitFor();
    expect(faults).toEqual([]);
    await close();
  });

  it('the report of a hostile run is inert, too', async () => {
    const { page, faults, close } = await visit(
      browser,
      `${at.url}/api/v1/runs/${RUN_ID}/report?format=html`,
    );
    await page.getByText(PAYLOADS[1]).first().waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, 'report-hostile');
    expect(faults).toEqual([]);
    await close();
  });

  it('runs nothing of what an answer of the API may hold, whatever the field', async () => {
    const { page, faults, close } = await visit(browser, `${at.url}/dashboard`, {
      before: async (context) => {
        await context.route('**/api/v1/**', mutated);
      },
    });
    for (const [view, hash] of VIEWS) await show(page, view, hash);
    expect(await page.getByText(HOSTILE.slice(0, 20)).count()).toBeGreaterThan(0);
    expect(faults).toEqual([]);
    await close();
  });
});

/** Lets a question through and hands back the answer with hostile text in every string that is not one of ours. */
async function mutated(route: Route): Promise<void> {
  const response = await route.fetch().catch(() => undefined);
  if (!response) return route.abort();
  const type = response.headers()['content-type'] ?? '';
  const body = await response.text();
  if (type.startsWith('text/event-stream')) {
    const evil = body.replace(
      /^data: (.*)$/gm,
      (_, data) => `data: ${JSON.stringify(hostile(JSON.parse(data)))}`,
    );
    return route.fulfill({ response, body: evil });
  }
  return type.includes('json')
    ? route.fulfill({ response, body: JSON.stringify(hostile(JSON.parse(body))) })
    : route.fulfill({ response });
}
