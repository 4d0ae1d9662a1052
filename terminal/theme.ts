import type { createColors } from 'picocolors';

export type Colours = ReturnType<typeof createColors>;

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const SPIN_MS = 100;

/** The picture of the spinner at a time (milliseconds). */
export function spinnerAt(now: number): string {
  return SPINNER[Math.floor(now / SPIN_MS) % SPINNER.length] ?? '';
}

/** The colour of an agent's state. The word is always there, too. */
export function paint(state: string, colours: Colours): (text: string) => string {
  switch (state) {
    case 'provisioning':
      return colours.dim;
    case 'running':
      return colours.cyan;
    case 'completed':
      return colours.green;
    case 'failed':
    case 'lost':
      return colours.red;
    case 'removed':
      return colours.yellow;
    default:
      return String;
  }
}
