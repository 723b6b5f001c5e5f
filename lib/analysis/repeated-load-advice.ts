import { callOrder, orderOption } from './advice/call-order.js';
import { childKey, type ChildKey } from './advice/child-key.js';
import { keysCode, mapKey } from './advice/keys-code.js';
import { dataLoaderCode, relationLoaderCode } from './advice/loader-code.js';
import { rankedCode } from './advice/ranked-code.js';
import { entityOf } from '../record/relation-of.js';
import { isBackReference } from './back-reference.js';
import type { AnalysedUnit } from './detector.js';
import type { Advice } from './finding.js';
import { insteadOfLoop, joinOrQuery, type InsteadOfLoop } from './instead-of-loop.js';
import { listCall, withRelations, type ListCall } from './list-call.js';
import { isByHand, pathsBelow } from './paths-below.js';
import { variableOf } from './relation-code.js';
import type { RelationLoad } from './relation-load.js';
import type { RepeatedLoad } from './repeated-load.js';
import type { RowWindow } from './row-window.js';
import type { Thresholds } from './thresholds.js';

/** What to write instead of a relation that is loaded parent by parent. */
export function repeatedLoadAdvice(
  repeated: RepeatedLoad,
  unit: AnalysedUnit,
  thresholds: Pick<Thresholds, 'unboundedRows'>,
): Advice {
  const first = loadOf(repeated);
  const list = listCall(first, unit);
  const key = childKey(first, unit.schemas.get(first.dataSource));
  switch (groundOfLoop(repeated, unit, thresholds)) {
    case 'page-of-each':
      return pageAdvice(first, largestFanOut(repeated), key, unit);
    case 'lonely-keys':
      return lonelyKeysAdvice();
    case 'field':
      return batchAdvice(first, key, unit);
    case 'back-reference':
      return backReferenceAdvice(first);
    case 'first-rows':
      return firstRowsAdvice(first, key, unit);
    case 'tree':
      return treeAdvice(first);
    case 'keys':
      return keysAdvice(first, key, unit);
    case 'together':
      return list === undefined ? keysAdvice(first, key, unit) : togetherAdvice(repeated, list, key, unit);
  }
}

/** What is to become of it, whatever the words. */
export function groundOfLoop(
  repeated: RepeatedLoad,
  unit: AnalysedUnit,
  { unboundedRows }: Pick<Thresholds, 'unboundedRows'>,
): InsteadOfLoop {
  const first = loadOf(repeated);
  const facts = {
    ...first,
    fanOut: largestFanOut(repeated),
    isBackReference: isBackReference(first, unit),
    isFiltered: first.isFiltered === true,
    hasList: listCall(first, unit) !== undefined,
  };
  return insteadOfLoop(facts, unboundedRows);
}

/** The first load stands for all; where one of them left rows of its parent out, any of them may. */
function loadOf({ loads }: RepeatedLoad): RelationLoad {
  const [first] = loads as [RelationLoad];
  const window = loads.find((load) => load.window !== undefined)?.window;
  return window === undefined ? first : { ...first, isFirstRows: true, window };
}

function largestFanOut({ loads }: RepeatedLoad): number {
  return loads.reduce((most, { fanOut }) => Math.max(most, fanOut), 0);
}

/** Joined where rows stay few, otherwise fetched by one statement of its own. */
function togetherAdvice(
  repeated: RepeatedLoad,
  list: ListCall,
  key: ChildKey | undefined,
  unit: AnalysedUnit,
): Advice {
  const [first] = repeated.loads as [RelationLoad];
  const path = [...unit.batches.path(first.parentBatch), first.property ?? ''];
  const strategy = joinOrQuery({
    isToMany: first.isToMany,
    fanOut: largestFanOut(repeated),
    hasSibling: hasSibling(repeated, unit),
    isByQuery: list.isByQuery,
  });
  const text =
    strategy === 'join'
      ? `Load ${first.relation} together with its parents, joined: one statement instead of ${1 + repeated.queries.length}.`
      : `Load ${first.relation} for all parents with one statement of its own: a join would multiply rows here.`;
  const below = pathsBelow(first, unit).map((names) => [...path, ...names]);
  const kept = keptOrder(first, path, unit);
  const code = withRelations(list, [path, ...below], strategy);
  return isByHand(first) && key !== undefined
    ? {
        text: text + kept,
        code: `${code}\n// or, beside the list:\n${keysCode(first, key, unit)}`,
        choice: strategy,
      }
    : { text: text + kept, code, choice: strategy };
}

/** A call by hand may sort; a relation does not, unless it is told to. */
function keptOrder(load: RelationLoad, path: readonly string[], unit: AnalysedUnit): string {
  if (!isByHand(load) || !load.isToMany || load.through !== undefined) return '';
  const order = callOrder(load, entityOf(unit.schemas.get(load.dataSource), load.target), unit);
  if (order?.length === 0) return '';
  return order === undefined
    ? ' Keep the order of the rows.'
    : ` Keep the order of the rows: ${orderOption(order, path)}.`;
}

/** Another collection of the same parent, in a loop as well or joined, be it for filtering only. */
function hasSibling(
  { relation, loads: [first] }: RepeatedLoad,
  { tree, batches, repeatedLoads }: AnalysedUnit,
): boolean {
  const isLooped = repeatedLoads.some(
    ({ relation: other, isCount, loads: [load] }) =>
      other !== relation && !isCount && load?.isToMany === true && load.entity === first?.entity,
  );
  const list = tree.find(batches.rootLoad(first?.parentBatch));
  const joins = list?.kind === 'entities' ? list.joins : [];
  return isLooped || joins.some(({ isToMany, entity }) => isToMany && entity === first?.entity);
}

function backReferenceAdvice(load: RelationLoad): Advice {
  const target = variableOf(load.target ?? 'parent');
  return {
    text:
      `${load.relation} points back to the ${target} these rows were loaded from, and TypeORM does not fill it in. ` +
      `It is free to use that ${target}: keep it in scope instead of reading the relation.`,
  };
}

function batchAdvice(load: RelationLoad, key: ChildKey | undefined, unit: AnalysedUnit): Advice {
  const below = pathsBelow(load, unit);
  const loader = relationLoaderCode(load, unit.schemas.get(load.dataSource), below);
  const how =
    loader === undefined
      ? 'Collect the keys of one response in a request-scoped DataLoader and read them with one statement' +
        (load.window === undefined ? '.' : ' that ranks the rows of each parent.')
      : "Make this loader once for each request (from 'nestjs-query-lens/graphql'), and let the resolver return " +
        `\`.load(${variableOf(load.entity ?? '')})\` of it: one statement for all parents of a response.`;
  const text = `The resolver of ${load.fieldPath} runs once per parent. ${how}`;
  const { window } = load;
  const byHand = (): string | undefined => key && dataLoaderCode(load, key, below);
  const code = loader ?? (window === undefined ? byHand() : rankedCode(load, key, window, unit));
  // Only a whole relation can be loaded through its metadata.
  const isWhole = load.property !== undefined && load.isFiltered !== true && !load.isFirstRows;
  return { text, ...(code === undefined ? {} : { code }), ...(isWhole ? { choice: 'batch' } : {}) };
}

function keysAdvice(load: RelationLoad, key: ChildKey | undefined, unit: AnalysedUnit): Advice {
  const conditions = load.isFiltered === true ? ', with the same further conditions' : '';
  return {
    text: `Read all of them with one statement${conditions}, then pick them from a Map by ${mapKey(key)}.`,
    ...(key === undefined ? {} : { code: keysCode(load, key, unit) }),
  };
}

function lonelyKeysAdvice(): Advice {
  return {
    text:
      'Each batch holds one key: the parents resolve in different ticks, so the DataLoader cannot collect them. ' +
      'Start all loads before the first await (Promise.all over the parents), or use loader.loadMany(keys).',
  };
}

function firstRowsAdvice(load: RelationLoad, key: ChildKey | undefined, unit: AnalysedUnit): Advice {
  const { take, skip } = load.window ?? { take: 1, skip: 0 };
  const rows = skip > 0 ? 'Some rows' : take === 1 ? 'One row' : `The first ${take} rows`;
  const conditions = load.isFiltered === true ? ', with the same further conditions' : '';
  const text =
    `${rows} of ${load.relation} per parent: read them with one query that ranks the rows of each parent ` +
    `(a window function, DISTINCT ON or a lateral join)${conditions}. Loading the whole relation would read too much.`;
  return rankedAdvice(text, load, key, { take, skip }, unit);
}

/** Rows of a page, in advice. */
const PAGE = 100;

function pageAdvice(
  load: RelationLoad,
  fanOut: number,
  key: ChildKey | undefined,
  unit: AnalysedUnit,
): Advice {
  const text =
    `About ${Math.round(fanOut).toLocaleString('en-US')} children for one parent: read one page for each, with one query ` +
    'that ranks the rows of each parent (a window function or a lateral join).';
  return rankedAdvice(text, load, key, load.window ?? { take: PAGE, skip: 0 }, unit);
}

function rankedAdvice(
  text: string,
  load: RelationLoad,
  key: ChildKey | undefined,
  window: RowWindow,
  unit: AnalysedUnit,
): Advice {
  const code = rankedCode(load, key, window, unit);
  return code === undefined ? { text } : { text, code };
}

function treeAdvice({ relation }: RelationLoad): Advice {
  const entity = relation.slice(0, -' tree'.length);
  return {
    text: `Read all rows of ${entity} with one find() and build the tree from the parent ids in memory.`,
  };
}
