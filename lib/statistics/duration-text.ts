import { countText } from './count-text.js';

const [HOUR, DAY] = [3_600_000, 86_400_000];

/** Milliseconds for people, in few characters and a unit: `0.4 ms`, `38 ms`, `3.2 s`, `12 min`, `5.5 h`, `12 days`. */
export function durationText(ms: number): string {
  if (!(ms > 0)) return '0 ms';
  if (ms < 0.05) return '<0.1 ms';
  if (ms < 999.5) return `${significant(ms)} ms`;
  if (ms < 99_950) return `${significant(ms / 1_000)} s`;
  if (ms < 1.5 * HOUR) return `${countText(ms / 60_000)} min`;
  if (ms < 2 * DAY) return `${significant(ms / HOUR)} h`;
  return `${significant(ms / DAY)} days`;
}

/** One decimal below ten, none above. */
function significant(value: number): string {
  const tenths = Math.round(value * 10) / 10;
  return tenths < 10 ? String(tenths) : countText(value);
}
