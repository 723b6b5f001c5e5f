import type { CacheReport } from '../../lib/report/cache-report.js';
import { countText } from '../../lib/statistics/count-text.js';
import { clockText } from './time-text.js';

const [WIDTH, HEIGHT, GAP] = [480, 64, 2];

/** Look-ups over time as bars, what was found of them filled. */
export function HitsOverTime({ stretches }: { readonly stretches: CacheReport['overTime'] }) {
  const [first] = stretches;
  const last = stretches.at(-1);
  if (first === undefined || last === undefined || stretches.length < 2) return null;
  const greatest = Math.max(...stretches.map(({ lookUps }) => lookUps), 1);
  const width = WIDTH / stretches.length;
  const sum = (of: 'lookUps' | 'hits') => stretches.reduce((total, stretch) => total + stretch[of], 0);
  const label = `${countText(sum('hits'))} of ${countText(sum('lookUps'))} look-ups found something`;
  return (
    <figure class="over-time">
      <svg viewBox={`0 0 ${String(WIDTH)} ${String(HEIGHT)}`} role="img" aria-label={label}>
        {stretches.map(({ from, lookUps, hits }, at) => {
          const [all, found] = [lookUps, hits].map((count) => (HEIGHT * count) / greatest) as [
            number,
            number,
          ];
          const place = { x: at * width, width: Math.max(1, width - GAP) };
          return (
            <g key={from}>
              <rect class="look-ups" {...place} y={HEIGHT - all} height={all} />
              <rect class="hits" {...place} y={HEIGHT - found} height={found} />
              <title>{`${clockText(from)}: ${countText(hits)} of ${countText(lookUps)} found`}</title>
            </g>
          );
        })}
      </svg>
      <figcaption class="muted">
        {clockText(first.from)} to {clockText(last.from)}; filled: found
      </figcaption>
    </figure>
  );
}
