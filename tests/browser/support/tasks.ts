import type { BrowserContext, Page } from 'playwright-core';

/** What blocked the page for longer than 50 ms (w3.org/TR/longtasks): how often, the longest, and all together, in ms. */
export interface LongTasks {
  readonly count: number;
  readonly longestMs: number;
  readonly totalMs: number;
}

/** Begins to note long tasks in every page of the context. */
export async function noteLongTasks(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const durations: number[] = [];
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) durations.push(duration);
    }).observe({ type: 'longtask', buffered: true });
    Object.assign(globalThis, { takeLongTasks: () => durations.splice(0) });
  });
}

/** The long tasks since the last question. */
export async function takeLongTasks(page: Page): Promise<LongTasks> {
  const durations = await page.evaluate<number[]>('takeLongTasks()');
  return {
    count: durations.length,
    longestMs: Math.round(Math.max(0, ...durations)),
    totalMs: Math.round(durations.reduce((sum, one) => sum + one, 0)),
  };
}

/** Turns the wheel over the middle of the page, down and up again, and says what blocked it meanwhile. */
export async function scrollAbout(page: Page, turns = 20): Promise<LongTasks> {
  await takeLongTasks(page);
  const { width, height } = page.viewportSize() ?? { width: 800, height: 600 };
  await page.mouse.move(width / 2, height / 2);
  for (const step of [...Array(turns).fill(600), ...Array(turns).fill(-600)]) {
    await page.mouse.wheel(0, step);
    await page.evaluate(() => new Promise(requestAnimationFrame));
  }
  return takeLongTasks(page);
}
