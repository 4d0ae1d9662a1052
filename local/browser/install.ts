import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { isExecutable } from '../stack/executable.ts';
import { findChromium } from './chromium.ts';

const APT = '/usr/bin/apt-get';
const LIMIT_MS = 5 * 60_000;

/**
 * The path of a Chromium, which is installed from the system's packages when there is none, we are root, and the system has
 * apt. Undefined when none can be had; `say` hears what is being done.
 */
export function installChromium(say: (line: string) => void): string | undefined {
  const found = findChromium();
  // A path that somebody has set and that is wrong is theirs to correct.
  if (found || process.env.CHROMIUM_PATH || process.getuid?.() !== 0 || !isExecutable(APT)) return found;
  say('There is no Chromium: installing the package chromium.');
  for (const words of [['update'], ['install', '--yes', '--no-install-recommends', 'chromium']]) {
    const { status, stderr } = spawnSync(APT, ['-q', ...words], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      timeout: LIMIT_MS,
      encoding: 'utf8',
    });
    if (status !== 0) say(`apt-get ${words.join(' ')} failed: ${stderr.trim().slice(-500)}`);
  }
  return findChromium();
}
