import { DEFAULT_THRESHOLDS } from '../../../lib/analysis/thresholds.js';
import { loadingStrategies } from '../../../lib/report/loading-strategies.js';
import type { LoadingStrategyReport } from '../../../lib/report/report.js';
import { Statistics } from '../../../lib/statistics/statistics.js';
import type { ObservedUnits } from '../scenarios/observed-units.js';

/** How the relations of a unit were loaded, as the report has it. */
export async function reportedRows(
  units: ObservedUnits,
  work: () => Promise<unknown>,
): Promise<readonly LoadingStrategyReport[]> {
  const { analysed, findings } = await units.run(work);
  const statistics = new Statistics();
  statistics.add(analysed, findings);
  return loadingStrategies(statistics, DEFAULT_THRESHOLDS);
}

/**
 * Runs one cell and says in the words of the table what came of it. Whatever else is found is said too: it is in no cell.
 */
export async function measuredCell(
  units: ObservedUnits,
  work: () => Promise<unknown>,
  relations: readonly string[],
): Promise<string> {
  const { analysed, findings } = await units.run(work);
  if (units.failure !== undefined) throw units.failure;
  const statistics = new Statistics();
  statistics.add(analysed, findings);
  const rows = loadingStrategies(statistics, DEFAULT_THRESHOLDS);
  const kinds = (name: string) =>
    findings.filter(({ relation }) => relation === name).map(({ kind }) => kind);
  const strategies = (name: string) => about(rows, name).map(({ strategy }) => strategy);
  const verdicts = (name: string) => about(rows, name).map(({ verdict }) => verdict.choice);
  const strange = [...findings, ...rows].filter(({ relation }) => !relations.includes(relation ?? ''));
  return (
    `${analysed.queries.length} ${each(relations, strategies, 'not seen')}: ` +
    `${each(relations, kinds, 'silent')}, ${each(relations, verdicts, 'none')}` +
    strange
      .map((other) => ` and ${'kind' in other ? other.kind : other.strategy} ${other.relation ?? ''}`)
      .join('')
  );
}

function about(rows: readonly LoadingStrategyReport[], name: string): readonly LoadingStrategyReport[] {
  const own = rows.filter(({ relation }) => relation === name);
  return own.sort((a, b) => (a.strategy < b.strategy ? -1 : 1));
}

/** `n-plus-one` where that holds for all relations, otherwise `manual/by-id`. */
function each(
  relations: readonly string[],
  of: (relation: string) => readonly string[],
  none: string,
): string {
  const texts = relations.map((relation) => of(relation).join(' and ') || none);
  return new Set(texts).size === 1 ? (texts[0] ?? none) : texts.join('/');
}
