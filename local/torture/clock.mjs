/**
 * Loaded into the app's host before everything else: moves its clock by as many milliseconds as the file says that
 * HAYMAKER_CLOCK_FILE names. Timers that are armed already go on as they are, as on a machine whose clock is set.
 */
import { readFileSync, watchFile } from 'node:fs';
import process from 'node:process';

const file = process.env.HAYMAKER_CLOCK_FILE;
const RealDate = Date;
let aheadMs = 0;

function read() {
  aheadMs = Number(readFileSync(file, 'utf8'));
}

if (file) {
  read();
  watchFile(file, { interval: 100, persistent: false }, read);
  globalThis.Date = class extends RealDate {
    constructor(...args) {
      if (args.length === 0) super(RealDate.now() + aheadMs);
      else super(...args);
    }
    static now() {
      return RealDate.now() + aheadMs;
    }
  };
}
