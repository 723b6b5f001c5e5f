import type { QueryPlan } from '../investigation/query-plan.js';
import { countText, counted } from '../statistics/count-text.js';

const VALUES: Readonly<Record<QueryPlan['values'], string>> = {
  generic: 'planned without values',
  literals: 'planned with its own values',
  'slowest-call': 'planned with the values of its slowest call',
  sampled: 'planned with values of some row',
};

/** What is to be known of a whole plan: its cost, the rows it reads for those it returns, and how it came about. */
export function planFigures({ cost, rowsRead, rowsReturned, isAnalyzed, values }: QueryPlan): string {
  const figures = [
    cost === undefined ? '' : `cost ${countText(cost)}`,
    rowsRead === undefined
      ? ''
      : `reads ${counted(rowsRead, 'row')}${rowsReturned === undefined ? '' : ` to return ${countText(rowsReturned)}`}`,
    isAnalyzed ? 'as it ran' : VALUES[values],
  ];
  return figures.filter((figure) => figure !== '').join(' · ');
}
