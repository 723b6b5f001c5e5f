import { durationText } from '../../lib/statistics/duration-text.js';

export interface SplitBarProps {
  readonly wait: number;
  readonly execute: number;
  readonly hydrate: number;
  /** What the whole width stands for. @defaultValue the sum */
  readonly of?: number;
}

/** Time as wait, execution and hydration, in the colours of the waterfall. */
export function SplitBar({ wait, execute, hydrate, of = wait + execute + hydrate }: SplitBarProps) {
  const whole = Math.max(of, Number.MIN_VALUE);
  const label = `${durationText(wait)} waiting, ${durationText(execute)} executing, ${durationText(hydrate)} hydrating`;
  const part = (kind: string, ms: number) => (
    <span class={kind} style={{ width: `${((100 * ms) / whole).toFixed(2)}%` }} />
  );
  return (
    <span class="split" role="img" aria-label={label} title={label}>
      {part('wait', wait)}
      {part('execute', execute)}
      {part('hydrate', hydrate)}
    </span>
  );
}
