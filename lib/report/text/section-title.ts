import { fit } from './fit.js';
import { type Line, span, widthOf } from './span.js';
import type { Style } from './style.js';

/** `── Findings ── 1 error · 5 warnings ─────`, as wide as the terminal. */
export function sectionTitle(title: string, counts: string, columns: number, style: Style = 'strong'): Line {
  const start = [span('── ', 'faint'), span(title, style), span(' ')];
  const room = columns - widthOf(start) - 6;
  const line = counts === '' ? start : [...start, span('── ', 'faint'), span(`${fit(counts, room)} `)];
  return [...line, span('─'.repeat(Math.max(0, columns - widthOf(line))), 'faint')];
}
