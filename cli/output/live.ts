import { createLogUpdate } from 'log-update';
import type { Output } from './output.ts';

const FRAME_MS = 100;
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** A picture that moves until it is closed. */
export interface Live {
  close(): void;
}

/** Draws `picture` ten times a second on a terminal; nothing elsewhere. What it drew is wiped when it closes. */
export function startLive(out: Output, picture: (spinner: string) => string): Live {
  if (!out.live) return { close: () => {} };
  const update = createLogUpdate(out.stdout, { showCursor: true });
  let frame = 0;
  const timer = setInterval(() => {
    frame += 1;
    update(picture(SPINNER[frame % SPINNER.length] ?? ''));
  }, FRAME_MS);
  return {
    close: () => {
      clearInterval(timer);
      update.clear();
      update.done();
    },
  };
}
