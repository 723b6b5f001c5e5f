import type { QueryError } from '../../record/query-record.js';
import type { AnalysedUnit, Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { makeFinding } from '../make-finding.js';
import { valuesIdentity } from '../query-values.js';
import type { AnalysedQuery } from '../relation-load.js';
import { groupBy } from '../totals.js';

/**
 * A statement that the database refused. Silent where the same statement succeeded later in the unit (a retry), and for
 * statements that failed only because the transaction had failed before.
 */
export const detectFailingQuery: Detector = (unit) => {
  // What TypeORM's result cache asks is a failure of the cache.
  const own = unit.queries.filter(({ record }) => record.isOfResultCache !== true);
  const failed = own.filter((query) => query.record.error !== undefined && !isConsequence(query));
  const lasting = failed.filter((query) => !succeededLater(query, unit));
  const groups = groupBy(
    lasting,
    ({ record, statement }) => `${record.dataSource}|${statement.fingerprint}|${record.error?.code}`,
  );
  return [...groups.values()].map((group) => finding(group, unit));
};

/** PostgreSQL's `in_failed_sql_transaction`. */
function isConsequence({ record }: AnalysedQuery): boolean {
  return record.error?.code === '25P02';
}

function succeededLater(failed: AnalysedQuery, unit: AnalysedUnit): boolean {
  const identity = valuesIdentity(failed);
  return unit.queries.some(
    (query) =>
      query.record.sequence > failed.record.sequence &&
      query.record.error === undefined &&
      query.record.statement === failed.record.statement &&
      valuesIdentity(query) === identity,
  );
}

function finding(group: readonly AnalysedQuery[], unit: AnalysedUnit): Finding {
  const [first] = group as [AnalysedQuery];
  const error = first.record.error ?? { type: 'Error', message: '' };
  const { summary, operation } = first.statement;
  const what = summary === '' ? operation || 'A statement' : summary;
  // A minified class name says nothing.
  const isNamed = error.type.length > 2 && error.type !== 'Error';
  const named = [...(isNamed ? [error.type] : []), ...(error.code === undefined ? [] : [error.code])].join(
    ' ',
  );
  return makeFinding(unit, {
    kind: 'failing-query',
    severity: 'error',
    title: `${what} failed${error.code === undefined ? '' : ` with ${error.code}`}`,
    queries: group,
    evidence: {
      text:
        `${group.length === 1 ? 'One statement' : `${group.length} statements`} failed` +
        (named === '' ? '; the driver gave no code.' : `: ${named}.`),
      facts: {
        statements: group.length,
        type: error.type,
        ...(error.code === undefined ? {} : { code: error.code }),
      },
    },
    advice: { text: isLostReplica(first) ? LOST_REPLICA : adviceFor(error) },
  });
}

const UNREACHABLE = /^(53300|08006|08001|08003|ECONNREFUSED|ECONNRESET|ETIMEDOUT)$/;
const LOST_REPLICA =
  "A replica could not be reached: look at the replicas' health. TypeORM sends such reads to replicas alone; createQueryRunner('master') reads from the primary.";

/** Known where replication is configured. */
function isLostReplica({ record: { server, error } }: AnalysedQuery): boolean {
  return server === 'replica' && UNREACHABLE.test(error?.code ?? '');
}

/** By SQLSTATE (PostgreSQL, appendix A), MySQL error names, SQLite result codes, and SQLite's messages where it gives no code. */
const KNOWN_CODES: readonly (readonly [RegExp, string])[] = [
  [
    /^(23505|ER_DUP_ENTRY|SQLITE_CONSTRAINT_UNIQUE|SQLITE_CONSTRAINT_PRIMARYKEY)$|^UNIQUE constraint failed/,
    'A unique key exists already: use upsert() or orIgnore(), or answer the conflict to the caller.',
  ],
  [
    /^(23503|ER_NO_REFERENCED_ROW_2|ER_ROW_IS_REFERENCED_2|SQLITE_CONSTRAINT_FOREIGNKEY)$|^FOREIGN KEY constraint failed/,
    'A referenced row is missing or still referenced: save the parent first, or delete the children first.',
  ],
  [
    /^(23502|ER_BAD_NULL_ERROR|SQLITE_CONSTRAINT_NOTNULL)$|^NOT NULL constraint failed/,
    'A column that must not be null was null: validate the input before saving.',
  ],
  [
    /^(40001|40P01|ER_LOCK_DEADLOCK)$/,
    "Transactions stood in each other's way: take locks in one order, keep transactions short, and retry the whole transaction.",
  ],
  [
    /^(55P03|ER_LOCK_WAIT_TIMEOUT|SQLITE_BUSY)$/,
    'A lock was not free in time: find the transaction that holds it and make it shorter.',
  ],
  [/^57014$/, 'The statement ran into its timeout: see whether it is a slow query too.'],
  [
    /^(42P01|42703|ER_NO_SUCH_TABLE|ER_BAD_FIELD_ERROR)$|^no such (table|column)/,
    'A table or column of this name does not exist: a migration is missing, or the name is misspelt.',
  ],
  [
    UNREACHABLE,
    'The database could not be reached or had no connection left: look at its health and at the pool size.',
  ],
];

function adviceFor({ type, code, message }: QueryError): string {
  const known = (text: string): string | undefined =>
    KNOWN_CODES.find(([pattern]) => pattern.test(text))?.[1];
  return (
    known(code ?? type) ??
    known(message) ??
    "Look up the code in the database's manual, and run the statement by hand."
  );
}
