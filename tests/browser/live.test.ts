import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../e2e/support/http.ts';
import { outcomeOf, startRun, statusOf } from '../e2e/support/run.ts';
import { type Target, target } from '../e2e/support/target.ts';
import { axe } from './support/axe.ts';
import { hasBrowser, launch, picture, settled, show, type Visit, visit } from './support/browser.ts';
import { openGate } from './support/gate.ts';
import { overTheWire } from './support/weigh.ts';

const RUN = 'by-hand';

describe.skipIf(!hasBrowser())('the page, while a run goes on', () => {
  let at: Target;
  let browser: Browser;
  let open: Visit;

  beforeAll(async () => {
    [at, browser] = await Promise.all([target(), launch()]);
  });
  afterAll(async () => {
    await browser?.close();
    await at?.stop();
  });

  it('is served at /, and says what to do while nothing runs', async () => {
    open = await visit(browser, `${at.url}/`);
    const { page } = open;
    expect(new URL(page.url()).pathname).toBe('/dashboard');
    await page.getByRole('heading', { name: 'Nothing is running.' }).waitFor();
    await page.getByText('There has been no run yet.').waitFor();
    await picture(page, 'now-empty');
    expect(await axe(page)).toEqual([]);
  });

  it('loads less than 150 kB at the first visit, compressed by gzip', async () => {
    const shell = await overTheWire(`${at.url}/dashboard`);
    const assets = [...new Set(shell.toString().match(/\/dashboard\/assets\/[\w.-]+/g))];
    expect(assets.length).toBeGreaterThan(1);
    const all = [shell, ...(await Promise.all(assets.map((asset) => overTheWire(`${at.url}${asset}`))))];
    const total = all.reduce((sum, { length }) => sum + length, 0);
    console.log(`The first visit loads ${(total / 1_000).toFixed(1)} kB in ${all.length} files.`);
    expect(total).toBeLessThan(150_000);
  });

  it('shows a run that begins, without being asked again', async () => {
    await startRun(at, {
      id: RUN,
      body: { scenarios: ['compute-01', 'networking-01', 'webapps-01'], duration: 'PT20M' },
    });
    const { page } = open;
    await page.getByTestId('stepper').waitFor();
    await page.locator('[aria-current="step"]').waitFor();
    await page.getByRole('link', { name: RUN }).waitFor();
    await until(
      () => statusOf(at, RUN),
      ({ customStatus }) => customStatus?.phase === 'monitoring',
      90_000,
    );
    await page.getByRole('heading', { name: 'Agents are at work.' }).waitFor();
    await page.getByRole('heading', { name: '3 agents' }).waitFor();
    await picture(page, 'now-live');
    expect(open.faults).toEqual([]);
  });

  it('says that the server is away, goes on showing what it knows, and recovers by itself', async () => {
    const { page } = open;
    await at.stack?.host.kill9();
    await page.getByTestId('lost').waitFor();
    expect(await page.getByTestId('connection').textContent()).toBe('No answer');
    await page.getByRole('heading', { name: '3 agents' }).waitFor();
    await picture(page, 'now-lost');
    expect(await axe(page)).toEqual([]);
    await at.stack?.host.restart();
    await page.getByTestId('lost').waitFor({ state: 'detached' });
    await page.getByTestId('connection').getByText('Live').waitFor();
    expect(open.faults).toEqual([]);
  });

  it('asks before it stops a run; Escape and "Let it run" stop nothing', async () => {
    const { page } = open;
    for (const leave of [
      () => page.keyboard.press('Escape'),
      () => page.getByRole('button', { name: 'Let it run' }).click(),
    ]) {
      await page.getByTestId('stop').click();
      await page.getByRole('dialog').waitFor();
      if (leave.length === 0) expect(await axe(page)).toEqual([]);
      await leave();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    expect((await statusOf(at, RUN)).customStatus?.phase).toBe('monitoring');

    await page.getByTestId('stop').click();
    await page.getByLabel('Reason').fill('<b>enough</b>');
    await picture(page, 'now-stop');
    await page.getByTestId('stop-confirm').click();
    await page.getByText('The run has been told to stop.').waitFor();
    expect(await outcomeOf(at, RUN)).toMatchObject({ status: 'stopped', cleanupStatus: 'verified' });
    await page.getByRole('heading', { name: 'Nothing is running.' }).waitFor();
    expect(open.faults).toEqual([]);
  }, 240_000);

  it('proves in the browser that nothing was left, and shows what the agents did', async () => {
    const { page } = open;
    await show(page, 'run', `#/runs/${RUN}`);
    const proof = page.getByTestId('proof');
    await proof.waitFor();
    expect(await proof.getAttribute('data-verdict')).toBe('holds');
    await page.getByTestId('resource-tree').waitFor();
    await picture(page, 'run-ended');
    await page.getByRole('link', { name: 'compute-01' }).first().click();
    await page.getByTestId('view-agent').waitFor();
    await settled(page);
    // Only the rows in sight are drawn: which those are depends on how much the agent got done.
    await page.getByTestId('log-search').fill('Scenario compute-01');
    await page.getByTestId('log').getByText('Scenario compute-01').first().waitFor();
    await picture(page, 'agent-ended');
    await page.getByTestId('log-search').fill('no such words');
    await page.getByTestId('log').getByText('Scenario compute-01').first().waitFor({ state: 'detached' });
    expect(open.faults).toEqual([]);
  });

  it('lets nobody in with a wrong key, and everybody with the right one, which is never in the address', async () => {
    const gate = await openGate(at.url, 'the-right-key');
    const { page, faults, close } = await visit(browser, `${gate.url}/`);
    await page.getByTestId('view-sign-in').waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, 'sign-in');
    await page.getByTestId('credential').fill('a-wrong-key');
    await page.getByTestId('sign-in').click();
    await page.getByTestId('sign-in-problem').getByText('does not know this key').waitFor();
    await page.getByTestId('credential').fill('the-right-key');
    await page.keyboard.press('Enter');
    await page.getByTestId('view-now').waitFor();
    await settled(page);
    expect(page.url()).not.toContain('key');
    await page.reload();
    await page.getByTestId('view-now').waitFor();
    await page.getByTestId('sign-out').click();
    await page.getByTestId('view-sign-in').waitFor();
    expect(await page.evaluate(() => Object.values({ ...sessionStorage, ...localStorage }))).toEqual([]);
    expect(faults).toEqual([]);
    await close();
    await gate.close();
  });

  it('starts a run of the scenarios that were chosen, and shows it', async () => {
    const { page, faults, close } = await visit(browser, `${at.url}/dashboard#/scenarios`);
    await page.getByRole('checkbox', { name: 'Choose security-01' }).check();
    await page.getByTestId('start-bar').getByText('1 scenario').waitFor();
    expect(await axe(page)).toEqual([]);
    await picture(page, 'scenarios-chosen');
    await page.getByTestId('start-run').click();
    await page.waitForURL(/#\/runs\/exec-\d{8}-[0-9a-f]{8}$/);
    await page.getByTestId('view-run').getByTestId('stepper').waitFor();
    await picture(page, 'run-started');
    expect(faults).toEqual([]);
    await close();
  });

  it('can be used with the keyboard alone', async () => {
    const { page, close } = await visit(browser, `${at.url}/dashboard`);
    await settled(page);
    await page.keyboard.press('Tab');
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    expect(await focused()).toBe('Skip to content');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
    await close();
  });
});
