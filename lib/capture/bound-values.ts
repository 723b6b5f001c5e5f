import { isDate } from 'node:util/types';
import { cutText } from '../record/cut-text.js';
import type { BoundValue, BoundValues } from '../record/query-record.js';
import { Digest, digestOf } from './digest.js';

const MAX_KEPT = 32;
const MAX_KEPT_STRING = 256;

const NO_VALUES: BoundValues = { kept: [], count: 0, digest: 0 };

/** The parameters of a statement, made small: the first ones to keep, and a digest that tells equal lists apart. */
export function boundValues(parameters: unknown): BoundValues {
  if (typeof parameters !== 'object' || parameters === null) return NO_VALUES;
  const values: readonly unknown[] = Array.isArray(parameters) ? parameters : Object.values(parameters);
  if (values.length === 0) return NO_VALUES;
  const digest = new Digest();
  const kept: BoundValue[] = [];
  for (let index = 0; index < values.length; index++) {
    const value = bare(values[index]);
    digest.add(value);
    if (index < MAX_KEPT) kept.push(keptValue(value));
  }
  return { kept, count: values.length, digest: digest.value };
}

const MSSQL_PARAMETER = Symbol.for('MssqlParameter');

/** For SQL Server, TypeORM wraps each value together with its type. */
function bare(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const { '@instanceof': mark, value: inner } = value as { '@instanceof'?: unknown; value?: unknown };
  return mark === MSSQL_PARAMETER ? inner : value;
}

function keptValue(value: unknown): BoundValue {
  switch (typeof value) {
    case 'string':
      return cutText(value, MAX_KEPT_STRING);
    case 'number':
    case 'bigint':
    case 'boolean':
      return value;
    case 'object':
      if (value === null) return value;
      return isDate(value) ? keptDate(value) : describe(value);
    default:
      return null;
  }
}

/** An invalid date equals nothing, not even itself, and throws when it is written down. */
function keptDate(date: Date): BoundValue {
  return Number.isNaN(date.getTime()) ? 'Invalid Date' : date;
}

/** `array(3):9e3779b9`: enough to see that two are equal. */
function describe(value: object): string {
  const digest = digestOf(value).toString(16).padStart(8, '0');
  if (ArrayBuffer.isView(value)) return `buffer(${value.byteLength}):${digest}`;
  return Array.isArray(value) ? `array(${value.length}):${digest}` : `object:${digest}`;
}
