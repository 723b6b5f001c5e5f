import { relationOf } from '../../record/relation-of.js';
import type { ColumnPair, ColumnReference } from '../../sql/statement.js';
import type { RelationModel } from '../../record/schema-model.js';
import type { AnalysedUnit, Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { makeFinding } from '../make-finding.js';
import type { RelationLoad } from '../relation-load.js';
import { groupBy } from '../totals.js';

/**
 * TypeORM's own statement for a to-one relation with a composite key compares one column of the foreign key with every
 * column of the key, where the foreign key has no properties of its own: rows of others come back, or none. Joins are right.
 */
export const detectWrongRelation: Detector = (unit) => {
  const wrong = unit.relationLoads.flatMap((load) => {
    const comparison = isOfTypeOrm(load) ? wrongComparison(load) : undefined;
    return comparison === undefined ? [] : [{ load, comparison }];
  });
  const byRelation = groupBy(wrong, ({ load }) => `${load.dataSource}|${load.relation}`);
  return [...byRelation.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [finding([first.load, ...others.map(({ load }) => load)], first.comparison, unit)],
  );
};

/** One column against several of another table. */
interface WrongComparison {
  readonly column: string;
  readonly comparedWith: readonly string[];
}

function isOfTypeOrm({ strategy, isToMany }: RelationLoad): boolean {
  const isLoaded =
    strategy === 'lazy' || strategy === 'relation-builder' || strategy === 'query' || strategy === 'batched';
  return isLoaded && !isToMany;
}

function wrongComparison({ queries }: RelationLoad): WrongComparison | undefined {
  for (const { statement } of queries) {
    const pairs = statement.columnPairs.filter(({ clause, isConjunct }) => clause === 'on' && isConjunct);
    const found = pairs.length < 2 ? undefined : comparedTwice(pairs);
    if (found !== undefined) return found;
  }
  return undefined;
}

function comparedTwice(pairs: readonly ColumnPair[]): WrongComparison | undefined {
  const groups = groupBy(pairs, ({ left, right }) => `${nameOf(left)} ${right.qualifier}`);
  for (const group of groups.values()) {
    const comparedWith = [...new Set(group.map(({ right }) => right.column))];
    if (comparedWith.length >= 2) return { column: group[0]?.left.column ?? '', comparedWith };
  }
  return undefined;
}

function nameOf({ qualifier, column }: ColumnReference): string {
  return `${qualifier}.${column}`;
}

function finding(loads: readonly RelationLoad[], wrong: WrongComparison, unit: AnalysedUnit): Finding {
  const [first] = loads as [RelationLoad];
  const columns = wrong.comparedWith.join(', ');
  const relation = relationOf(unit.schemas.get(first.dataSource), first.entity, first.property);
  return makeFinding(unit, {
    kind: 'wrong-relation',
    severity: 'error',
    title: `${first.relation} is read with a wrong condition, so it holds what belongs to others, or nothing`,
    relation: first.relation,
    queries: loads.flatMap(({ queries }) => queries),
    evidence: {
      text:
        `Not joined, TypeORM compares ${wrong.column} with each of ${columns}: ` +
        "this composite foreign key's columns have no properties of their own.",
      facts: { column: wrong.column, comparedWith: columns, loads: loads.length },
    },
    advice: {
      text: 'Give each column of the foreign key a property of its own; until then only a join reads it right.',
      ...(relation === undefined ? {} : { code: ownColumns(relation) }),
    },
  });
}

function ownColumns({ property, target, joinColumns }: RelationModel): string {
  return [
    ...joinColumns.map(({ column }) => `@Column() ${column}: ...;`),
    `@ManyToOne(() => ${target})`,
    '@JoinColumn([',
    ...joinColumns.map(
      ({ column, references }) => `  { name: '${column}', referencedColumnName: '${references}' },`,
    ),
    '])',
    `${property}: ...;`,
  ].join('\n');
}
