import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { expect, inject, onTestFailed } from 'vitest';
import { CHROMIUM_FLAGS } from '../../../local/browser/chromium.ts';
import { REPOSITORY } from '../../../local/stack/paths.ts';

const PICTURES = path.join(REPOSITORY, '.haymaker', 'screenshots', 'tests');

/** Whether there is a browser at all. */
export const hasBrowser = () => inject('chromium') !== undefined;

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: inject('chromium') ?? '', args: [...CHROMIUM_FLAGS] });
}

export interface Visit {
  readonly page: Page;
  /** What must not happen on any page: scripts that fail or run uninvited, violations of the policy, dialogs, strangers. */
  readonly faults: string[];
  close(): Promise<void>;
}

export interface VisitOptions {
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
  /** Changes the context before the page is opened. */
  readonly before?: (context: BrowserContext) => Promise<void>;
}

/** Opens a tab of its own at `url` and watches it. */
export async function visit(browser: Browser, url: string, options: VisitOptions = {}): Promise<Visit> {
  const { scheme = 'light', width = 1280, height = 900 } = options;
  const context = await browser.newContext({
    colorScheme: scheme,
    viewport: { width, height },
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
  });
  const faults: string[] = [];
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`POLICY ${event.violatedDirective}: ${event.blockedURI} ${event.sample}`);
    });
  });
  await options.before?.(context);
  const page = await context.newPage();
  onTestFailed(async () => {
    const name = expect.getState().currentTestName?.split(' > ').at(-1) ?? 'test';
    await picture(page, `failed-${name.replace(/\W+/g, '-').slice(0, 60)}`).catch(() => {});
  });
  const { origin } = new URL(url);
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => {
    // Answers with a status of 400 and more, and connections that break, are part of what is tested.
    const isNetwork = /Failed to load resource|net::ERR_/.test(message.text());
    if (message.type() === 'error' && !isNetwork) faults.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:')) {
      faults.push(`request to a stranger: ${request.url()}`);
    }
  });
  await page.goto(url);
  return { page, faults, close: () => context.close() };
}

/** Goes to another view of the page, by its hash, and waits for it. */
export async function show(page: Page, view: string, hash: string): Promise<void> {
  await page.evaluate((to) => {
    location.hash = to;
  }, hash);
  await page.getByTestId(`view-${view}`).waitFor();
  await settled(page);
}

/** Waits until the view has what it asked for. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(
    () => document.querySelector('main') !== null && !document.querySelector('.waiting, [aria-busy="true"]'),
  );
}

/** Keeps a picture of the page for people to look at: .haymaker/screenshots/tests/<name>.png */
export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: path.join(PICTURES, `${name}.png`) });
}
