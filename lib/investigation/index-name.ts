import { fingerprint } from '../sql/fingerprint.js';
import type { IndexDefinition } from './index-definition.js';
import type { TableFacts } from './table-facts.js';

/** Identifiers of PostgreSQL end there; MySQL's are one longer. */
const MAX_NAME = 63;
/** Of a name that is cut: what tells it from others that begin alike. */
const HASH_DIGITS = 6;

/**
 * A name that says what is in it, the same in the entity and in the migration: `IDX_flights_originId_departsAt`. Never one that
 * an index of the table has, be it one that was never finished.
 */
export function indexName(index: IndexDefinition, facts?: Pick<TableFacts, 'indexes'>): string {
  const taken = new Set(facts?.indexes.map(({ name }) => name.toLowerCase()));
  const plain = cut(wordsOf(index).join('_').replace(/\W/gu, '_'));
  let name = plain;
  for (let n = 2; taken.has(name.toLowerCase()); n++) name = cut(`${plain}_${n}`);
  return name;
}

function wordsOf({ table, columns, include = [], where }: IndexDefinition): readonly string[] {
  return [
    'IDX',
    table.name,
    ...columns.flatMap(({ column, isDescending }) => (isDescending === true ? [column, 'desc'] : [column])),
    ...(include.length === 0 ? [] : ['with', ...include]),
    ...(where === undefined ? [] : ['where', where.replaceAll('"', '')]),
  ];
}

function cut(name: string): string {
  if (name.length <= MAX_NAME) return name;
  return `${name.slice(0, MAX_NAME - HASH_DIGITS - 1)}_${fingerprint(name).slice(0, HASH_DIGITS)}`;
}
