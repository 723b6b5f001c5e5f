import type { Percentiles } from '../../lib/report/report.js';
import { durationText } from '../../lib/statistics/duration-text.js';

const NAMES = ['p50', 'p95', 'p99', 'max'] as const;

export interface PercentileRow {
  readonly name: 'wait' | 'execute' | 'hydrate';
  /** @defaultValue what the name stands for of a statement */
  readonly title?: string;
  readonly values: Percentiles;
}

const TITLES = { wait: 'Waiting', execute: 'Executing', hydrate: 'Making entities' };

/** p50, p95, p99 and the greatest, as a table with a bar behind each figure, all on one scale. */
export function PercentileBars({ rows }: { readonly rows: readonly PercentileRow[] }) {
  const greatest = Math.max(...rows.map(({ values }) => values.max), Number.MIN_VALUE);
  return (
    <table class="percentiles">
      <thead>
        <tr>
          <td />
          {NAMES.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, title = TITLES[name], values }) => (
          <tr key={name}>
            <th scope="row">
              <span class={`key ${name}`}>{title}</span>
            </th>
            {NAMES.map((percentile) => (
              <td key={percentile}>
                <span
                  class={`bar ${name}${values[percentile] === 0 ? ' zero' : ''}`}
                  style={{ width: `${((100 * values[percentile]) / greatest).toFixed(1)}%` }}
                />
                <span class="value">{durationText(values[percentile])}</span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
