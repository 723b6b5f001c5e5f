import type { LoadingStrategy, LoadNote } from '../analysis/relation-load.js';
import { SMALL_FAN_OUT } from '../analysis/instead-of-loop.js';
import { countText, counted } from '../statistics/count-text.js';
import { rootOf, type Choice, type Ground, type JudgedRelation } from './judged-relation.js';

/** One or two sentences that a reviewer would say. */
export function verdictWhy(choice: Choice): string {
  return WHY[choice.ground](choice);
}

const WHY: Readonly<Record<Ground, (choice: Choice) => string>> = {
  together: (choice) => `${loop(choice.relation)} ${togetherText(choice)}`,
  'lonely-keys': ({ relation }) =>
    `${loop(relation)} Each list of keys held one: start all loads before the first await, so that the DataLoader can collect them.`,
  field: ({ relation }) =>
    `${loop(relation)} The resolver of ${relation.fieldPath ?? 'the field'} runs once for each parent: load them together with a loader for each request.`,
  'back-reference': ({ relation }) =>
    `${loop(relation)} It points back to the ${relation.target ?? 'parent'} that these rows were loaded from: use the one at hand.`,
  'first-rows': ({ relation }) =>
    `${loop(relation)} Only the first rows of each parent are wanted: rank the rows in one query (window function or lateral join).`,
  tree: ({ relation }) =>
    `${loop(relation)} Read all rows with one find() and build the tree from the parent ids.`,
  keys: ({ relation }) => `${loop(relation)} ${keysReason(relation)}, so ask for all keys in one statement.`,
  huge: ({ relation }) => `${huge(relation)} Read a page of them.`,
  'page-of-each': ({ relation }) =>
    `${loop(relation)} ${huge(relation)} Read one page for each parent, all in one query.`,
  'double-load': () => 'It came with its parents and was loaded again: use what is there.',
  'typeorm-double-load': () => 'It is eager, and TypeORM loads it a second time under the query strategy.',
  unread: ({ finding }) => `Read in 0 of ${loadsOf(finding)} that had rows: do not load it.`,
  serving: ({ finding }) =>
    `Read in 0 of ${loadsOf(finding)} that had rows: it serves the condition or the order only, so join it without selecting it.`,
  count: ({ relation }) => `${loop(relation)} Count for all rows at once with GROUP BY.`,
  cartesian: () =>
    'Joined side by side with another collection, so every child of one comes with every child of the other.',
  'filter-join': () => 'A join that only filters multiplies its rows: see the finding cartesian-product.',
  truncated: () => 'limit() and offset() cut its joined rows: page the entities with take() and skip().',
  wrong: () =>
    'TypeORM reads it with a wrong condition: of its composite key, one column is compared with all. A join is right.',
  dropped: ({ relation }) =>
    `${counted(relation.dropped, 'record')} of this route exceeded the maximum of a unit, so a loop cannot be ruled out.`,
  fine: ({ relation }) => fine(relation),
};

function loadsOf(finding: Choice['finding']): string {
  return counted(Number(finding?.evidence.facts['loads'] ?? 0), 'watched load');
}

function loop({ loads, units, maxLoadsPerUnit }: JudgedRelation): string {
  const most = units > 1 ? `, up to ${countText(maxLoadsPerUnit)} in one unit of work` : '';
  return `Loaded parent by parent, ${counted(loads, 'time')}${most}.`;
}

function keysReason({ property, isFiltered }: JudgedRelation): string {
  if (property === undefined) return 'No relation is known here';
  return isFiltered
    ? 'Only some of its rows are wanted'
    : 'Its parents are rows that no relation can be added to';
}

function togetherText({ relation, choice, siblings, isInQueryFind }: Choice): string {
  const fanOut = `${countText(relation.fanOutP95)} children for each parent (p95)`;
  const small = relation.isToMany ? `${fanOut} are few enough to join.` : 'To-one: a join adds no rows.';
  if (isInQueryFind === true)
    return `${small} In one find with the others it follows their strategy, which is fine too.`;
  if (choice === 'join') return small;
  if (relation.fanOutP95 > SMALL_FAN_OUT) return `${fanOut} are too many to join: ${ONE_STATEMENT}`;
  if (siblings.length === 0)
    return 'Its list loads relations by the query strategy, and so it can load this one.';
  return `A join beside ${siblings.join(' and ')} would multiply rows: ${ONE_STATEMENT}`;
}

/** TypeORM follows a collection's rows with a statement for the pairs of ids: that is why rows count twice. */
const ONE_STATEMENT = 'one statement for all parents, and one for the pairs of ids.';

function huge({ fanOutP95, maxLoadsPerUnit, entities, loads }: JudgedRelation): string {
  const rows = Math.max(fanOutP95, maxLoadsPerUnit > 0 && loads > 0 ? entities / loads : 0);
  return `About ${countText(rows)} children for one parent.`;
}

const FINE: Readonly<Record<LoadingStrategy, string>> = {
  join: 'Joined: no statement of its own.',
  'eager-join': 'Eager and joined: no statement of its own.',
  query: 'One load for all parents.',
  lazy: 'Not in a loop over a list.',
  'id-only': 'Ids only, by @RelationId or loadRelationIds: one statement for each list, used or not.',
  'relation-builder': 'Not in a loop over a list.',
  batched: 'One statement for all parents of a list.',
  manual: 'Not in a loop over a list.',
  'by-id': 'Not in a loop over a list.',
};

const NOTES: Readonly<Record<LoadNote, (relation: JudgedRelation) => string>> = {
  'below-eager': (relation) =>
    `It hangs on a relation that is eager too: every find of ${rootOf(relation)} loads both.`,
  'page-ids': () =>
    'TypeORM joins twice for skip and take: first for the ids of the page, then for its rows.',
  counted: () =>
    'The COUNT of findAndCount() joins it as well: count without relations where that takes long.',
};

function fine(relation: JudgedRelation): string {
  const notes = [...(relation.notes ?? [])].map((note) => NOTES[note](relation));
  return [FINE[relation.strategy], ...notes].join(' ');
}
