import { maskedCondition } from '../masked-condition.js';
import type { Access } from '../query-plan.js';
import type { ReadingNode } from '../row-shares.js';
import { numberOf, type RawBlock, type RawTable } from './raw-plan.js';

/** `(subquery#2)` is no comment, and MySQL writes the schema before every column. */
export function masked(condition: string): string {
  const short = condition.replace(/\bsubquery#/gu, 'subquery_').replace(QUALIFIED, '$1.$2');
  return maskedCondition(short, 'mysql');
}

const QUALIFIED = /`\w+`\.`(\w+)`\.`(\w+)`/gu;

/** Rows and time as they were seen, where the statement was run. */
export function seenRows(
  raw: RawTable,
  seen: number | undefined,
): Pick<ReadingNode, 'rowsActual' | 'rowsRemoved' | 'timeMs'> {
  if (seen === undefined) return {};
  const kept = seen * ((numberOf(raw, 'r_filtered') ?? 100) / 100);
  const time = numberOf(raw, 'r_total_time_ms') ?? sum(raw, 'r_table_time_ms', 'r_other_time_ms');
  const loops = Math.max(1, numberOf(raw, 'r_loops') ?? 1);
  return {
    rowsActual: Math.round(kept),
    rowsRemoved: Math.round(seen - kept),
    ...(time === undefined ? {} : { timeMs: time / loops }),
  };
}

function sum(raw: RawBlock, one: string, other: string): number | undefined {
  const [first, second] = [numberOf(raw, one), numberOf(raw, other)];
  return first === undefined && second === undefined ? undefined : (first ?? 0) + (second ?? 0);
}

/** How the rows of the table are got at. */
export function accessOf({ access_type: type, using_index: isCovering }: RawTable): { access?: Access } {
  if (type === undefined) return {};
  if (type === 'ALL') return { access: 'full-scan' };
  if (type === 'index') return { access: 'full-index-scan' };
  return { access: isCovering === true ? 'index-only-scan' : 'index-scan' };
}

/** What the index was asked for, and what rows are tested for after it. */
export function conditionsOf(raw: RawTable): { condition?: string; filter?: string } {
  const { used_key_parts: parts = [], ref = [], index_condition: pushed, attached_condition: attached } = raw;
  const asked = parts.flatMap((part, at) => (ref[at] === undefined ? [] : `${part} = ${ref[at]}`));
  const condition = typeof pushed === 'string' ? masked(pushed) : asked.join(' and ');
  return {
    ...(condition === '' ? {} : { condition }),
    ...(typeof attached === 'string' ? { filter: masked(attached) } : {}),
  };
}
