import type { PoolReport } from '../../lib/report/pool-report.js';
import { countText } from '../../lib/statistics/count-text.js';

/** A square for each connection of a pool would be too many: a bar of what is used, idle, and still to be opened. */
export function PoolGauges({ gauges }: { readonly gauges: PoolReport['now'] }) {
  return (
    <ul class="gauges">
      {gauges.map(({ name, size, inUse, idle, open, waiting }) => {
        const whole = Math.max(size, open, 1);
        const text = [
          `${countText(inUse)} in use`,
          `${countText(idle)} idle`,
          size === 0 ? 'no limit' : `${countText(size)} at most`,
          ...(waiting > 0 ? [`${countText(waiting)} waiting`] : []),
        ].join(', ');
        return (
          <li key={name}>
            <span>{name}</span>
            <span class="split" role="img" aria-label={text}>
              <span class="execute" style={{ width: `${String((100 * inUse) / whole)}%` }} />
              <span class="idle" style={{ width: `${String((100 * idle) / whole)}%` }} />
            </span>
            <span class={waiting > 0 ? 'waiting-now' : 'muted'}>{text}</span>
          </li>
        );
      })}
    </ul>
  );
}
