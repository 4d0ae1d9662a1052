import process from 'node:process';
import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import { changesBetween } from './changes.ts';
import { renderFrame } from './frame.ts';
import type { RunView } from './view.ts';

const FRAME_MS = 100;
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

/** Shows a run while it goes on. */
export interface Display {
  /** A line that stays: what was found, what was started. */
  say(line: string): void;
  show(view: RunView): void;
  /** Leaves the last picture on the screen. */
  close(): void;
}

/** Moving pictures on a terminal, lines elsewhere; `out` is where it goes. */
export function createDisplay(out: NodeJS.WriteStream = process.stdout): Display {
  return out.isTTY ? liveDisplay(out) : plainDisplay(out);
}

function liveDisplay(out: NodeJS.WriteStream): Display {
  const colours = pc.createColors(pc.isColorSupported);
  const update = createLogUpdate(out);
  let latest: RunView | undefined;
  const draw = () => {
    if (!latest) return;
    const screen = { columns: out.columns ?? DEFAULT_COLUMNS, rows: out.rows ?? DEFAULT_ROWS, colours };
    update(renderFrame(latest, screen, Date.now()));
  };
  // The timer alone draws: time moves on between two looks at the run, and ten pictures a second are enough.
  const timer = setInterval(draw, FRAME_MS);
  timer.unref();
  return {
    say: (line) => {
      if (latest) update.clear();
      out.write(`${line}\n`);
    },
    show: (view) => {
      latest = view;
    },
    close: () => {
      clearInterval(timer);
      draw();
      update.done();
      latest = undefined;
    },
  };
}

function plainDisplay(out: NodeJS.WriteStream): Display {
  let latest: RunView | undefined;
  const write = (line: string) => out.write(`${new Date().toISOString().slice(11, 19)} ${line}\n`);
  return {
    say: write,
    show: (view) => {
      for (const line of latest ? changesBetween(latest, view) : []) write(line);
      latest = view;
    },
    close: () => {},
  };
}
