import type { Finding } from '../analysis/finding.js';
import type { LoadingStrategy } from '../analysis/relation-load.js';
import { insteadOfLoop, joinOrQuery, type InsteadOfLoop } from '../analysis/instead-of-loop.js';
import type { Thresholds } from '../analysis/thresholds.js';
import {
  rootOf,
  type Choice,
  type Ground,
  type JudgedRelation,
  type RelationFinding,
} from './judged-relation.js';
import type { VerdictChoice } from './report.js';

/** What to do about each relation of one route and data source, in the given order. */
export function chooseVerdicts(
  relations: readonly JudgedRelation[],
  findings: readonly RelationFinding[],
  thresholds: Pick<Thresholds, 'unboundedRows'>,
): readonly Choice[] {
  const first = relations.map((relation): Choice => {
    const about = findings.filter((finding) => isAbout(finding, relation));
    return { relation, siblings: [], ...firstChoice(relation, relations, about, thresholds) };
  });
  const chosen = first.map((choice) => (choice.ground === 'together' ? together(choice, first) : choice));
  return chosen.map((choice) =>
    isInQueryFind(choice, chosen) ? { ...choice, isInQueryFind: true } : choice,
  );
}

type FirstChoice = Pick<Choice, 'choice' | 'ground' | 'finding'>;

function firstChoice(
  relation: JudgedRelation,
  relations: readonly JudgedRelation[],
  about: readonly RelationFinding[],
  { unboundedRows }: Pick<Thresholds, 'unboundedRows'>,
): FirstChoice {
  const find = (kind: Finding['kind']): RelationFinding | undefined =>
    about.find((finding) => finding.kind === kind);
  const isSingly = isPerParent(relation.strategy);
  const wrong = isJoined(relation.strategy) ? undefined : find('wrong-relation');
  if (wrong !== undefined) return { choice: 'join', ground: 'wrong', finding: wrong };
  const count = relation.isCount ? find('count-per-row') : undefined;
  if (isSingly && count !== undefined) return { choice: 'count', ground: 'count', finding: count };
  const loop = relation.isCount ? undefined : find('n-plus-one');
  if (isSingly && loop !== undefined) return { ...insteadOf(relation, unboundedRows), finding: loop };
  const again = find('double-load');
  if (again !== undefined) return { choice: 'drop', ground: doubleLoadGround(relation), finding: again };
  const unread = find('unused-relation');
  if (unread !== undefined)
    return isServing(unread)
      ? { choice: 'select-columns', ground: 'serving', finding: unread }
      : { choice: 'drop', ground: 'unread', finding: unread };
  if (find('unbounded-result') !== undefined || isHuge(relation, unboundedRows))
    return { choice: 'paginate', ground: 'huge' };
  const product = find('cartesian-product');
  if (product !== undefined && isJoined(relation.strategy))
    return { ...separate(relation, relations), finding: product };
  const cut = find('truncated-relation');
  if (cut !== undefined) return { choice: 'paginate', ground: 'truncated', finding: cut };
  return isSingly && relation.dropped > 0
    ? { choice: 'cannot-judge', ground: 'dropped' }
    : { choice: 'keep', ground: 'fine' };
}

const INSTEAD: Readonly<Record<InsteadOfLoop, VerdictChoice>> = {
  'page-of-each': 'paginate',
  'lonely-keys': 'batch',
  field: 'batch',
  'back-reference': 'drop',
  'first-rows': 'batch',
  tree: 'batch',
  keys: 'batch',
  together: 'join',
};

/** As the finding advises it, from the figures of the whole route. */
function insteadOf(relation: JudgedRelation, unboundedRows: number): FirstChoice {
  const { origin, fanOutP95: fanOut } = relation;
  const isBackReference = origin?.isBackReference === true;
  // Parents that were not seen are believed to be entities.
  const hasList = origin === undefined || origin.list !== undefined;
  const facts = { ...relation, fanOut, isBackReference, hasList };
  const ground = insteadOfLoop(facts, unboundedRows);
  return { choice: INSTEAD[ground], ground };
}

function isServing({ evidence: { facts } }: RelationFinding): boolean {
  return facts['isServing'] === true;
}

function doubleLoadGround({ strategy }: JudgedRelation): Ground {
  return strategy === 'query' ? 'typeorm-double-load' : 'double-load';
}

function together(choice: Choice, all: readonly Choice[]): Choice {
  const { relation } = choice;
  const siblings = all.filter((other) => isSibling(other.relation, relation) && isOrWillBeJoined(other));
  const strategy = joinOrQuery({
    isToMany: relation.isToMany,
    fanOut: relation.fanOutP95,
    hasSibling: siblings.length > 0,
    isByQuery: relation.origin?.list?.isByQuery === true,
  });
  if (strategy === 'join') return choice;
  return {
    ...choice,
    choice: 'query',
    siblings: [...new Set(siblings.map((other) => other.relation.relation))],
  };
}

function isInQueryFind({ choice, ground, relation }: Choice, all: readonly Choice[]): boolean {
  if (choice !== 'join' || ground === 'wrong') return false;
  const root = rootOf(relation);
  return all.some((other) => other.choice === 'query' && rootOf(other.relation) === root);
}

function isSibling(a: JudgedRelation, b: JudgedRelation): boolean {
  return a.isToMany && a.entity === b.entity && a.relation !== b.relation;
}

function isOrWillBeJoined({ relation, ground }: Choice): boolean {
  return isJoined(relation.strategy) || ground === 'together';
}

/** Where the other relation is joined for filtering only, the query strategy would not help: rows multiply all the same. */
function separate(relation: JudgedRelation, relations: readonly JudgedRelation[]): FirstChoice {
  const hasSibling = relations.some((other) => isJoined(other.strategy) && isSibling(other, relation));
  return hasSibling ? { choice: 'query', ground: 'cartesian' } : { choice: 'keep', ground: 'filter-join' };
}

function isHuge({ isToMany, isCount, fanOutP95 }: JudgedRelation, unboundedRows: number): boolean {
  return isToMany && !isCount && fanOutP95 >= unboundedRows;
}

/** A finding names the strategy that it saw, and a cartesian product all relations that took part. */
function isAbout({ kind, relation, evidence: { facts } }: RelationFinding, judged: JudgedRelation): boolean {
  if (kind === 'cartesian-product')
    return judged.isToMany && namesOf(relation, facts['relations']).includes(judged.relation);
  const strategy = kind === 'double-load' ? facts['again'] : facts['strategy'];
  return relation === judged.relation && (typeof strategy !== 'string' || strategy === judged.strategy);
}

function namesOf(relation: string | undefined, list: unknown): readonly string[] {
  return typeof list === 'string' ? list.split(', ') : relation === undefined ? [] : [relation];
}

function isPerParent(strategy: LoadingStrategy): boolean {
  return (
    strategy === 'lazy' || strategy === 'manual' || strategy === 'by-id' || strategy === 'relation-builder'
  );
}

function isJoined(strategy: LoadingStrategy): boolean {
  return strategy === 'join' || strategy === 'eager-join';
}
