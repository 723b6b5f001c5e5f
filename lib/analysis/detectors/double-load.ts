import type { Detector } from '../detector.js';
import { makeFinding } from '../make-finding.js';

/** One relation of the same parents loaded twice. Rulings: RULINGS.md, "duplicate-query, double-load". */
export const detectDoubleLoad: Detector = (unit) =>
  unit.doubleLoads.map(({ relation, first, again }) => {
    const queries = again.flatMap((load) => load.queries);
    const isTypeOrm = again.every((load) => load.strategy === 'query');
    return makeFinding(unit, {
      kind: 'double-load',
      severity: 'warning',
      title: `${relation} had been loaded with its parents and was loaded again`,
      relation,
      queries,
      evidence: {
        text:
          `First by ${nameOf(first.strategy)}, then ${again.length === 1 ? 'once more' : `${again.length} more times`} ` +
          `by ${nameOf(again[0]?.strategy ?? 'manual')}, for the same parents.`,
        facts: { first: first.strategy, again: again[0]?.strategy ?? 'manual', statements: queries.length },
      },
      advice: isTypeOrm
        ? {
            text: 'The relation is eager and TypeORM fetches it a second time under the query strategy. Leave it out of `relations`: it comes anyway.',
            code: `// without relations: { ${relation.split('.')[1] ?? relation}: true }`,
          }
        : {
            text: `Use the entities that came with the parents: read \`.${relation.split('.')[1] ?? relation}\` instead of querying.`,
          },
    });
  });

function nameOf(strategy: string): string {
  return strategy === 'query'
    ? 'the query strategy'
    : strategy === 'manual' || strategy === 'by-id'
      ? 'a query'
      : strategy;
}
