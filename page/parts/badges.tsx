import type { Severity } from '../../lib/analysis/finding.js';
import type { VerdictChoice } from '../../lib/report/report.js';

const MARKS: Readonly<Record<Severity | 'good' | 'unused', string>> = {
  error: '✕',
  warning: '!',
  info: 'i',
  good: '✓',
  unused: '–',
};

/** Form and colour say the same: nobody needs to tell red from green. */
export function Mark({ state }: { readonly state: Severity | 'good' | 'unused' }) {
  return (
    <span class={`mark ${state}`} role="img" aria-label={state}>
      {MARKS[state]}
    </span>
  );
}

export function VerdictBadge({ choice }: { readonly choice: VerdictChoice }) {
  const tone = choice === 'keep' ? 'good' : choice === 'cannot-judge' ? 'unused' : 'warning';
  return <span class={`badge ${tone}`}>{choice}</span>;
}

export function Badge({ tone, text }: { readonly tone: string; readonly text: string }) {
  return <span class={`badge ${tone}`}>{text}</span>;
}
