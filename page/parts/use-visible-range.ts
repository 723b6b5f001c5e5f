import { useLayoutEffect, useState } from 'preact/hooks';
import { visibleRange, type Range } from './visible-range.js';

/** Short lists are drawn whole: the browser's own search finds everything then. */
const WHOLE = 150;

/** The rows of `body` that the window shows, and follows it. */
export function useVisibleRange(
  body: { readonly current: HTMLElement | null },
  count: number,
  rowHeight: number,
): Range {
  const [range, setRange] = useState<Range>({ from: 0, to: Math.min(count, 60) });
  useLayoutEffect(() => {
    if (count <= WHOLE) return undefined;
    const look = (): void => {
      const top = body.current?.getBoundingClientRect().top ?? 0;
      const next = visibleRange({ count, rowHeight, scrolled: -top, height: innerHeight });
      setRange((now) => (now.from === next.from && now.to === next.to ? now : next));
    };
    look();
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    return () => {
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, [body, count, rowHeight]);
  return count <= WHOLE ? { from: 0, to: count } : { from: range.from, to: Math.min(count, range.to) };
}
