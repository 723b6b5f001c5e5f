import { describe, expect, it } from '@jest/globals';
import { DEFAULT_THRESHOLDS } from '../../../lib/analysis/thresholds.js';
import type { NodeRead, ReadState } from '../../../lib/record/entity-reads.js';
import { ReadStatistics } from '../../../lib/statistics/read-statistics.js';
import { servesStatement } from '../../../lib/statistics/serves-statement.js';
import { unusedRelations } from '../../../lib/statistics/unused-relations.js';
import { site } from './build-unit.js';

function reads(
  loads: number,
  { state = 'unread', isSaved = false, rows = 3, units = loads } = {},
): ReadStatistics {
  const statement = { fingerprint: 'f', text: 'SELECT' };
  const entry = new ReadStatistics({
    dataSource: 'default',
    entity: 'Book',
    isFind: true,
    alias: 'Book',
    statement,
  });
  for (let load = 0; load < loads; load++) {
    const unit = String(load % units);
    entry.add({ route: 'GET /books', unit, at: load, isSaved, entities: 2, callSite: site() });
    for (const node of [root, { ...reviews, rows, state: state as ReadState }])
      entry.node(node)?.add(node, undefined);
  }
  return entry;
}

const root: NodeRead = { path: '', entity: 'Book', state: 'read', rows: 2, columns: [] };
const reviews: NodeRead = {
  path: 'reviews',
  entity: 'Review',
  owner: 'Book',
  relation: 'reviews',
  state: 'unread',
  rows: 3,
  columns: [],
};
const found = (entry: ReadStatistics) =>
  unusedRelations(entry, DEFAULT_THRESHOLDS).map(({ finding }) => finding.relation);

describe('a relation that nobody read', () => {
  it('fires exactly at the threshold', () => {
    expect(found(reads(20))).toEqual(['Book.reviews']);
    expect(found(reads(19))).toEqual([]);
  });

  it.each([
    ['it was read', { state: 'read' }],
    ['it was copied with its parent', { state: 'copied' }],
    ['it had no rows', { rows: 0 }],
    ['its parents were saved', { isSaved: true }],
    ['all loads were in one unit of work', { units: 1 }],
  ])('is silent when %s', (_, how) => {
    expect(found(reads(40, how))).toEqual([]);
  });

  it('is the same for two halves that are merged', () => {
    const half = reads(10);
    half.merge(reads(10));
    expect(unusedRelations(half, DEFAULT_THRESHOLDS)).toEqual(unusedRelations(reads(20), DEFAULT_THRESHOLDS));
  });

  it('is silent when one of the halves read it', () => {
    const half = reads(30);
    half.merge(reads(1, { state: 'read' }));
    expect(found(half)).toEqual([]);
  });
});

describe('a join that serves its statement', () => {
  const select =
    'SELECT "b"."id", "r"."stars" FROM "book" "b" LEFT JOIN "review" "r" ON "r"."bookId" = "b"."id"';

  it.each([
    [`${select} WHERE "r"."stars" > ?`, true],
    [`${select} ORDER BY "r"."stars"`, true],
    [`${select} WHERE LOWER("r"."text") = ?`, true],
    ['SELECT * FROM book b LEFT JOIN review r ON r.bookId = b.id WHERE r.stars > ?', true],
    ['SELECT * FROM `book` `b` LEFT JOIN `review` `r` ON `r`.`b` = `b`.`id` HAVING `r`.`x` > ?', true],
    [select, false],
    [`${select} WHERE "b"."stars" > ?`, false],
    [`${select} WHERE "other"."stars" > ?`, false],
    [select.replace('LEFT', 'INNER'), true],
  ])('%s', (text, serves) => {
    expect(servesStatement(text, 'r', true)).toBe(serves);
  });

  it('an inner join of a find only says that the key cannot be null', () => {
    expect(servesStatement(select.replace('LEFT', 'INNER'), 'r', false)).toBe(false);
    const next = ' INNER JOIN "shop" "s" ON "s"."id" = "b"."shopId" AND "s"."open" = ?';
    expect(servesStatement(select.replace('LEFT', 'INNER') + next, 'r', false)).toBe(false);
  });

  it('an inner join with a condition of its own filters in a find too', () => {
    const filtering = `${select.replace('LEFT', 'INNER')} AND ("r"."stars" = ?) WHERE "b"."id" = ?`;
    expect(servesStatement(filtering, 'r', false)).toBe(true);
  });
});
