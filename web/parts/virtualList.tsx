import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Rows drawn above and below what can be seen. */
const SPARE = 12;
/** So near to the end counts as being there. */
const AT_END_PX = 8;

/**
 * A list of which only what can be seen is in the document. Rows have one height. It stays at its end while the reader is
 * there and `follow` is on. Arrow keys, Page, Home and End move the selection.
 */
export function VirtualList({
  count,
  rowHeight,
  label,
  follow,
  selected,
  onSelect,
  onAtEnd,
  row,
}: {
  count: number;
  /** Pixels. */
  rowHeight: number;
  label: string;
  follow: boolean;
  selected: number | undefined;
  onSelect: (index: number) => void;
  onAtEnd: (atEnd: boolean) => void;
  row: (index: number) => ComponentChildren;
}) {
  const box = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const [view, setView] = useState({ top: 0, height: 600 });

  const look = () => {
    const element = box.current;
    if (!element) return;
    atEnd.current = element.scrollTop + element.clientHeight >= element.scrollHeight - AT_END_PX;
    onAtEnd(atEnd.current);
    setView({ top: element.scrollTop, height: element.clientHeight });
  };
  useEffect(() => {
    const watch = new ResizeObserver(look);
    if (box.current) watch.observe(box.current);
    return () => watch.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (follow && atEnd.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [count, follow]);

  const first = Math.max(0, Math.floor(view.top / rowHeight) - SPARE);
  const last = Math.min(count, Math.ceil((view.top + view.height) / rowHeight) + SPARE);
  const move = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(view.height / rowHeight) - 1);
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -count,
      End: count,
    };
    const step = steps[event.key];
    if (step === undefined || count === 0) return;
    event.preventDefault();
    const from = selected ?? (step > 0 ? first - 1 : last);
    const index = Math.min(count - 1, Math.max(0, from + step));
    onSelect(index);
    scrollTo(box.current, index, rowHeight);
  };
  const active = selected !== undefined && selected >= first && selected < last ? selected : undefined;
  return (
    <div
      ref={box}
      class="virtual"
      role="listbox"
      aria-label={label}
      tabIndex={0}
      aria-activedescendant={active === undefined ? undefined : `row-${active}`}
      onScroll={look}
      onKeyDown={move}
      data-testid="log"
    >
      <div class="virtual-space" role="presentation" style={{ height: `${count * rowHeight}px` }}>
        {Array.from({ length: Math.max(0, last - first) }, (_, offset) => {
          const index = first + offset;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the keys
            // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus
            <div
              key={index}
              id={`row-${index}`}
              class="virtual-row"
              role="option"
              aria-selected={index === selected}
              aria-setsize={count}
              aria-posinset={index + 1}
              style={{ top: `${index * rowHeight}px`, height: `${rowHeight}px` }}
              onClick={() => onSelect(index)}
            >
              {row(index)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

function scrollTo(element: HTMLElement | null, index: number, rowHeight: number): void {
  if (!element) return;
  const top = index * rowHeight;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (top + rowHeight > element.scrollTop + element.clientHeight)
    element.scrollTop = top + rowHeight - element.clientHeight;
}
