import process from 'node:process';
import type { TestProject } from 'vitest/node';
import { CHROMIUM_ADVICE } from '../../../local/browser/chromium.ts';
import { installChromium } from '../../../local/browser/install.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Path of the browser; undefined when there is none: then the tests are skipped. */
    chromium: string | undefined;
  }
}

/** Finds a Chromium, or installs one. Without one the tests fail where CI is set and are skipped elsewhere. */
export default function setup(project: TestProject): void {
  const chromium = installChromium((line) => console.warn(line));
  if (!chromium && process.env.CI) throw new Error(CHROMIUM_ADVICE);
  if (!chromium) console.warn(`The tests in a browser are skipped. ${CHROMIUM_ADVICE}`);
  project.provide('chromium', chromium);
}
