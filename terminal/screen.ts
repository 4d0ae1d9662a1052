import process from 'node:process';

const ESC = '\u001b[';
const ENTER = `${ESC}?1049h${ESC}?25l${ESC}?7l`;
const LEAVE = `${ESC}?7h${ESC}?25h${ESC}?1049l`;
/** Between these the terminal collects and shows everything at once, where it knows them. */
const [BEGIN, END] = [`${ESC}?2026h`, `${ESC}?2026l`];

/**
 * The terminal's second screen, as full-screen programs use it: what was there before comes back when it closes, and nothing
 * is left over when the window changes its size. Lines are written over the old ones, never wiped first: no flicker.
 */
export interface AlternateScreen {
  paint(picture: string): void;
  /** Comes back to where we were; also called when the process ends in between. May be called twice. */
  close(): void;
}

export function openAlternateScreen(out: NodeJS.WriteStream): AlternateScreen {
  let isOpen = true;
  const close = () => {
    if (!isOpen) return;
    isOpen = false;
    process.off('exit', close);
    out.write(LEAVE);
  };
  process.on('exit', close);
  out.write(ENTER);
  return {
    paint: (picture) => {
      if (!isOpen) return;
      const lines = picture.split('\n').map((line) => `${line}${ESC}K`);
      out.write(`${BEGIN}${ESC}H${lines.join('\r\n')}${ESC}J${END}`);
    },
    close,
  };
}
