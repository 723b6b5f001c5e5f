import { countText } from '../statistics/count-text.js';
import type { DatabaseKind, PlanWarning } from './query-plan.js';

/** A scan that keeps less than this share of what it reads throws most rows away. */
const KEPT_SHARE = 0.1;
/** Below, reading a whole table is no matter. */
const MANY_ROWS = 500;

/** A scan that throws most rows away; undefined where it does not. */
export function scanWarning(
  relation: string,
  rows: { readonly read: number; readonly kept: number },
): PlanWarning | undefined {
  if (rows.read < MANY_ROWS || rows.kept > rows.read * KEPT_SHARE) return undefined;
  const text = `Every row of ${relation} is read: ${countText(rows.read)} rows, to keep ${countText(rows.kept)}.`;
  return { kind: 'scan-discards-rows', relation, text };
}

/** A scan that is done for each row of something else. */
export function repeatedScanWarning(relation: string, rows: number, times: number): PlanWarning | undefined {
  if (rows * times < MANY_ROWS) return undefined;
  const text = `Every row of ${relation} is read ${countText(times)} times: ${countText(rows)} rows each time, for want of an index on what is compared.`;
  return { kind: 'scan-discards-rows', relation, text };
}

/** A scan for a join that has no index: `why` says what is done with the rows. */
export function joinWarning(
  relation: string,
  rows: number,
  why = 'to join them without an index',
): PlanWarning | undefined {
  if (rows < MANY_ROWS) return undefined;
  return {
    kind: 'scan-discards-rows',
    relation,
    text: `Every row of ${relation} is read ${why}: ${countText(rows)} rows.`,
  };
}

/** Rows of the outer side for which a nested loop repeats its inner side. */
const MANY_LOOPS = 1_000;

/** A table that is looked up very often; undefined where it is not. */
export function loopWarning(relation: string | undefined, loops: number): PlanWarning | undefined {
  if (loops < MANY_LOOPS) return undefined;
  const text = `${relation ?? 'The inner side'} is looked up once for each of ${countText(loops)} rows.`;
  return { kind: 'nested-loop', ...(relation === undefined ? {} : { relation }), text };
}

const ON_EXPRESSION: Readonly<Record<DatabaseKind, string>> = {
  postgres: 'an index on the expression would serve it',
  mysql: 'an index on the expression would serve it',
  mariadb: 'an index on a generated column of that expression would serve it',
  sqlite: 'an index on the expression would serve it',
};

/** A function around a column that is compared. */
export function functionWarning(
  callee: string,
  relation: string,
  column: string,
  database: DatabaseKind,
): PlanWarning {
  return {
    kind: 'function-on-column',
    relation,
    text: `${callee}() around ${relation}.${column} keeps an index on the column from being used: ${ON_EXPRESSION[database]}.`,
  };
}

/** Conditions that one index cannot serve together. */
export function orWarning(relation: string): PlanWarning {
  return {
    kind: 'or-condition',
    relation,
    text: `Conditions on ${relation} are joined by OR: one index serves them only if each has its own.`,
  };
}

/** Each once, in their order. */
export function distinctWarnings(warnings: readonly PlanWarning[]): readonly PlanWarning[] {
  return [...new Map(warnings.map((warning) => [warning.text, warning])).values()];
}
