import type { AnalysedUnit } from './analysis/detector.js';
import type { Finding } from './analysis/finding.js';
import type { AnalysedQuery } from './analysis/relation-load.js';
import { sumOf } from './analysis/totals.js';
import type { CallSite } from './record/call-site.js';
import { cutText } from './record/cut-text.js';
import { hydrationTimes } from './record/hydration-times.js';
import type { Mutable } from './record/mutable.js';
import { rowsOf } from './record/rows-of.js';
import type { UnitKind, UnitOfWork } from './record/unit-of-work.js';
import { rounded } from './record/rounded.js';
import { viewCacheAccess, type UnitCacheAccess } from './unit-cache-access.js';

/** One statement of a finished unit: a bar of its waterfall. Times in milliseconds; no values. */
export interface UnitStatement {
  readonly sequence: number;
  readonly dataSource: string;
  readonly fingerprint: string;
  /** Normalised: values as `?`. */
  readonly statement: string;
  /** Since the unit began. */
  readonly startMs: number;
  readonly waitMs: number;
  readonly executeMs: number;
  readonly rows?: number;
  /** The driver's code, or its error class. */
  readonly error?: string;
  readonly transaction?: number;
  readonly fieldPath?: string;
  readonly callSite?: CallSite;
  readonly isAfterResponse?: true;
}

/** The making of entities of the rows of one load: own time of the load, at its end. Times in milliseconds. */
export interface UnitHydration {
  readonly entity: string;
  readonly entities: number;
  /** Since the unit began. */
  readonly startMs: number;
  readonly durationMs: number;
}

/** A unit without what its waterfall is made of: one line of a list. */
export type UnitSummary = Omit<UnitView, 'statements' | 'caches' | 'hydrations'>;

/** A finished unit of work as it is kept for people to look at. */
export interface UnitView {
  readonly id: string;
  readonly kind: UnitKind;
  readonly name: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly status?: number;
  readonly isAborted?: true;
  /** Work of the unit that was started after its response. */
  readonly isAfterResponse?: true;
  readonly traceId?: string;
  /** All statements, those that are not kept included. */
  readonly queries: number;
  readonly rows: number;
  /** Sums over the statements: they may have run side by side. */
  readonly timeMs: { readonly wait: number; readonly execute: number };
  readonly findings: readonly Pick<Finding, 'kind' | 'severity' | 'title'>[];
  /** The first ones, in the order in which they started. */
  readonly statements: readonly UnitStatement[];
  /** The first accesses of caches, as many at most as statements, in the order in which they started. */
  readonly caches: readonly UnitCacheAccess[];
  /** The first ones that took any time worth showing. */
  readonly hydrations: readonly UnitHydration[];
  /** Statements, loads and accesses of caches that exceeded a maximum. */
  readonly omitted: number;
}

/** Hydrations kept of one unit; shorter ones are not seen in a waterfall. */
const MAX_HYDRATIONS = 100;
const LEAST_HYDRATION_MS = 0.1;
/** Findings named in one unit. */
const MAX_FINDINGS = 50;
/** Characters of statements kept for one unit: 100 units of long statements stay below 10 MB. */
const MAX_CHARACTERS = 65_536;

/** Keeps of a unit what may be shown, for its first `maxStatements` statements. */
export function viewUnit(
  { unit, queries }: AnalysedUnit,
  findings: readonly Finding[],
  maxStatements: number,
): UnitView {
  const { id, kind, name, startedAt, durationMs, dropped } = unit;
  const statements = viewStatements(queries, maxStatements);
  const accesses = unit.caches.slice(0, maxStatements);
  const view: Mutable<UnitView> = {
    id,
    kind,
    name,
    // Most units are never looked at.
    get startedAt() {
      return isoTime(startedAt);
    },
    durationMs: rounded(durationMs),
    queries: queries.length + dropped.queries,
    rows: sumOf(queries, ({ record }) => rowsOf(record)),
    timeMs: {
      wait: rounded(sumOf(queries, ({ record }) => record.waitMs)),
      execute: rounded(sumOf(queries, ({ record }) => record.executeMs)),
    },
    findings: findings
      .slice(0, MAX_FINDINGS)
      .map(({ kind: found, severity, title }) => ({ kind: found, severity, title })),
    statements,
    get caches() {
      return accesses.map(viewCacheAccess);
    },
    hydrations: viewHydrations(unit),
    omitted:
      queries.length -
      statements.length +
      unit.caches.length -
      accesses.length +
      dropped.queries +
      dropped.loads +
      dropped.cacheAccesses,
  };
  if (unit.status !== undefined) view.status = unit.status;
  if (unit.isAborted !== undefined) view.isAborted = unit.isAborted;
  if (unit.isAfterResponse !== undefined) view.isAfterResponse = unit.isAfterResponse;
  if (unit.traceId !== undefined) view.traceId = unit.traceId;
  return view;
}

function viewHydrations(unit: UnitOfWork): readonly UnitHydration[] {
  return hydrationTimes(unit, LEAST_HYDRATION_MS)
    .slice(0, MAX_HYDRATIONS)
    .map(({ load: { entity, entities }, startMs, endMs }) => ({
      entity,
      entities,
      startMs: rounded(startMs),
      durationMs: rounded(endMs - startMs),
    }));
}

function viewStatements(queries: readonly AnalysedQuery[], maxStatements: number): UnitStatement[] {
  const views: UnitStatement[] = [];
  let left = MAX_CHARACTERS;
  for (const query of queries) {
    if (views.length >= maxStatements || left <= 0) break;
    const view = viewStatement(query, left);
    left -= view.statement.length;
    views.push(view);
  }
  return views;
}

/** JSON has no undefined: fields without a value are left out. */
function viewStatement({ record, statement }: AnalysedQuery, maxLength: number): UnitStatement {
  const view: Mutable<UnitStatement> = {
    sequence: record.sequence,
    dataSource: record.dataSource,
    fingerprint: statement.fingerprint,
    statement: cutText(statement.text, maxLength),
    startMs: rounded(record.startMs),
    waitMs: rounded(record.waitMs),
    executeMs: rounded(record.executeMs),
  };
  const rows = record.rowsReturned ?? record.rowsAffected;
  if (rows !== undefined) view.rows = rows;
  if (record.error !== undefined) view.error = record.error.code ?? record.error.type;
  if (record.transaction !== undefined) view.transaction = record.transaction;
  if (record.fieldPath !== undefined) view.fieldPath = record.fieldPath;
  if (record.callSite !== undefined) view.callSite = record.callSite;
  if (record.isAfterResponse !== undefined) view.isAfterResponse = record.isAfterResponse;
  return view;
}

/** A clock may be broken; it must not cost the view. */
function isoTime(epochMs: number): string {
  return new Date(Number.isFinite(epochMs) ? epochMs : 0).toISOString();
}
