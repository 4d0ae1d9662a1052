import { changesBetween, type SaidChange } from './changes.ts';
import { renderFrame } from './frame.ts';
import { type AlternateScreen, openAlternateScreen } from './screen.ts';
import { timeOfDay } from './text.ts';
import type { Colours } from './theme.ts';
import type { RunView } from './view.ts';

const FRAME_MS = 100;
const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;

/** Shows a run while it goes on. */
export interface Display {
  /** A line that stays: what was found, what was started. Said before the first picture. */
  say(line: string): void;
  show(view: RunView): void;
  /** Leaves the last picture on the screen. May be called twice. */
  close(): void;
}

/** A moving picture on a terminal. */
export function liveDisplay(out: NodeJS.WriteStream, colours: Colours): Display {
  let latest: RunView | undefined;
  let screen: AlternateScreen | undefined;
  const picture = (rows: number) =>
    latest ? renderFrame(latest, { columns: out.columns || DEFAULT_COLUMNS, rows, colours }, Date.now()) : '';
  const draw = () => screen?.paint(picture(out.rows || DEFAULT_ROWS));
  let timer: NodeJS.Timeout | undefined;
  return {
    say: (line) => void out.write(`${line}\n`),
    show: (view) => {
      latest = view;
      if (screen) return;
      screen = openAlternateScreen(out);
      out.on('resize', draw);
      // The timer draws: time moves on between two looks at the run, and ten pictures a second are enough.
      timer = setInterval(draw, FRAME_MS);
      timer.unref();
      draw();
    },
    close: () => {
      if (!screen) return;
      clearInterval(timer);
      out.off('resize', draw);
      screen.close();
      out.write(`${picture((out.rows || DEFAULT_ROWS) - 1)}\n`);
      screen = undefined;
      latest = undefined;
    },
  };
}

/** A line for every change, with the time in UTC: for files, pipes and logs. */
export function plainDisplay(out: NodeJS.WritableStream): Display {
  return changeDisplay(
    ({ words }) => void out.write(`${timeOfDay(Date.now())} ${words}\n`),
    (line) => void out.write(`${timeOfDay(Date.now())} ${line}\n`),
  );
}

/** Hands every change to `onChange`. */
export function changeDisplay(onChange: (said: SaidChange) => void, say: (line: string) => void): Display {
  let latest: RunView | undefined;
  return {
    say,
    show: (view) => {
      for (const said of latest ? changesBetween(latest, view) : []) onChange(said);
      latest = view;
    },
    close: () => {},
  };
}
