import process from 'node:process';
import pc from 'picocolors';
import { type Display, liveDisplay, plainDisplay } from '../../terminal/display.ts';

/** Moving pictures on a terminal, lines elsewhere; `out` is where it goes. */
export function createDisplay(out: NodeJS.WriteStream = process.stdout): Display {
  return out.isTTY ? liveDisplay(out, pc.createColors(pc.isColorSupported)) : plainDisplay(out);
}
