import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { CHROMIUM_ADVICE, CHROMIUM_FLAGS, findChromium } from '../browser/chromium.ts';
import { CommandError } from '../stack/command.ts';

const SCHEMES = ['light', 'dark'] as const;
const SIZES = [
  { width: 1280, height: 900 },
  { width: 390, height: 844 },
] as const;
const LOAD_MS = 60_000;
/** What the page says while it has nothing to show yet. */
const WAITING = '.waiting, .boot';

export interface Camera {
  /** Takes a view in light and dark at both widths; `prepare` may do something on the page first. */
  readonly take: (name: string, url: string, prepare?: (page: Page) => Promise<void>) => Promise<void>;
  readonly close: () => Promise<void>;
  /** How many pictures there are. */
  readonly taken: () => number;
  /** What the pages complained about: errors of scripts, and what their policy refused. */
  readonly complaints: readonly string[];
}

/** A browser that writes pictures to `folder`. Throws CommandError when there is no browser. */
export async function openCamera(folder: string): Promise<Camera> {
  const executablePath = findChromium();
  if (!executablePath) throw new CommandError(CHROMIUM_ADVICE);
  mkdirSync(folder, { recursive: true });
  const browser = await chromium.launch({ executablePath, args: [...CHROMIUM_FLAGS] });
  const complaints: string[] = [];
  const rooms = await darkrooms(browser);
  let taken = 0;
  return {
    complaints,
    taken: () => taken,
    close: () => browser.close(),
    async take(name, url, prepare) {
      await Promise.all(
        rooms.map(async ({ context, scheme, width }) => {
          const page = await context.newPage();
          page.on('pageerror', (error) => complaints.push(`${name}: ${error.message}`));
          page.on('console', (message) => {
            if (/Content Security Policy/.test(message.text())) complaints.push(`${name}: ${message.text()}`);
          });
          await page.goto(url, { timeout: LOAD_MS });
          await page.waitForFunction((waiting) => !document.querySelector(waiting), WAITING, {
            timeout: LOAD_MS,
          });
          await prepare?.(page);
          await page.evaluate(() => document.fonts.ready);
          const hasDialog = (await page.$('dialog[open]')) !== null;
          // In a window as high as the page, what sticks to its edges is where it belongs.
          const height = await page.evaluate(() => document.documentElement.scrollHeight);
          if (!hasDialog) await page.setViewportSize({ width, height });
          await page.screenshot({
            path: path.join(folder, `${name}-${scheme}-${width}.png`),
            animations: 'disabled',
          });
          taken += 1;
          await page.close();
        }),
      );
    },
  };
}

interface Darkroom {
  readonly context: BrowserContext;
  readonly scheme: (typeof SCHEMES)[number];
  readonly width: number;
}

async function darkrooms(browser: Browser): Promise<Darkroom[]> {
  return Promise.all(
    SCHEMES.flatMap((scheme) =>
      SIZES.map(async (viewport) => ({
        scheme,
        width: viewport.width,
        context: await browser.newContext({ colorScheme: scheme, viewport, reducedMotion: 'reduce' }),
      })),
    ),
  );
}
