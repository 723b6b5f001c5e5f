import type { Choice } from './judged-relation.js';
import type { Verdict } from './report.js';

/** The relation's own figures over the same window, had the advice been followed; undefined where nobody can know. */
export function expectedAfter({ choice, relation, isInQueryFind }: Choice): Verdict['expected'] {
  const { units, entities, parents, joinedRows, rows, isToMany, isPaired } = relation;
  // The query strategy reads the children, and in most cases the pairs of ids: of all parents, where one's child is missing.
  const isMissing = !isToMany && entities < parents;
  const isTwice = isMissing || (isPaired ?? isToMany);
  const pairs = isMissing ? parents : isTwice ? entities : 0;
  switch (isInQueryFind === true ? 'query' : choice) {
    case 'join':
      return { statements: 0, rows: isToMany ? joinedRows : parents };
    case 'query':
      return { statements: units * (isTwice ? 2 : 1), rows: entities + pairs };
    case 'batch':
      return { statements: units, rows: entities };
    case 'count':
      return { statements: units, rows: parents };
    case 'drop':
      return { statements: 0, rows: 0 };
    case 'select-columns':
      // The join stays, and so do its rows: what it no longer selects is columns.
      return { statements: 0, rows };
    default:
      return undefined;
  }
}

/** Why nobody can know the figures of a change. */
export function whyNoFigures({ choice, ground }: Choice): string | undefined {
  if (choice !== 'paginate') return undefined;
  return ground === 'truncated'
    ? 'How many rows were cut off is not known.'
    : 'The figures are those of the pages that are read.';
}
