import { describeCallSite } from '../../lib/record/call-site.js';
import { statementName } from '../../lib/statistics/statement-name.js';
import type { UnitCacheAccess } from '../../lib/unit-cache-access.js';
import type { UnitHydration, UnitStatement, UnitView } from '../../lib/unit-view.js';

/** One stretch of time. */
export interface Bar {
  readonly kind: 'wait' | 'execute' | 'hydrate' | 'cache';
  readonly startMs: number;
  readonly durationMs: number;
}

/** One line of a waterfall: a statement, a run of the same statement, an access of a cache, or the making of entities. */
export interface Lane {
  readonly key: string;
  readonly name: string;
  /** Where in the code, or which cache. */
  readonly place?: string;
  /** Statements that share the lane. */
  readonly count: number;
  readonly bars: readonly Bar[];
  readonly startMs: number;
  readonly statements: readonly UnitStatement[];
  readonly hasFailed: boolean;
}

/** So many of the same statement, one after another, share a lane: a loop is seen as one. */
const SHARED = 3;

/** The lanes of a unit in the order in which they began. */
export function lanesOf(unit: Pick<UnitView, 'statements' | 'caches' | 'hydrations'>): readonly Lane[] {
  const lanes = [
    ...runs(unit.statements).flatMap(statementLanes),
    ...unit.caches.map(cacheLane),
    ...unit.hydrations.map(hydrationLane),
  ];
  return lanes.sort((a, b) => a.startMs - b.startMs);
}

/** The moment at which the last bar ends, or the unit does. */
export function endOf(lanes: readonly Lane[], durationMs: number): number {
  const ends = lanes.flatMap(({ bars }) => bars.map((bar) => bar.startMs + bar.durationMs));
  return Math.max(durationMs, ...ends, 0.001);
}

/** Round moments for the axis: at most six, the first at 0. */
export function ticksOf(endMs: number): readonly number[] {
  const rough = endMs / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough) ?? rough;
  return Array.from({ length: Math.floor(endMs / step) + 1 }, (_, at) => at * step);
}

function runs(statements: readonly UnitStatement[]): readonly (readonly UnitStatement[])[] {
  const all: UnitStatement[][] = [];
  for (const statement of statements) {
    const last = all.at(-1);
    if (last?.[0]?.fingerprint === statement.fingerprint) last.push(statement);
    else all.push([statement]);
  }
  return all;
}

function statementLanes(run: readonly UnitStatement[]): readonly Lane[] {
  return run.length >= SHARED ? [laneOf(run)] : run.map((statement) => laneOf([statement]));
}

function laneOf(statements: readonly UnitStatement[]): Lane {
  const [first] = statements;
  return {
    key: `s${String(first?.sequence ?? 0)}`,
    name: statementName(first?.statement ?? ''),
    ...(first?.callSite === undefined ? {} : { place: describeCallSite(first.callSite) }),
    count: statements.length,
    bars: statements.flatMap(({ startMs, waitMs, executeMs }): Bar[] => [
      { kind: 'wait', startMs, durationMs: waitMs },
      { kind: 'execute', startMs: startMs + waitMs, durationMs: executeMs },
    ]),
    startMs: first?.startMs ?? 0,
    statements,
    hasFailed: statements.some(({ error }) => error !== undefined),
  };
}

function cacheLane(access: UnitCacheAccess, at: number): Lane {
  const { cache, operation, outcome, pattern, startMs, durationMs, error } = access;
  return {
    key: `c${String(at)}`,
    name: `${operation} ${outcome === operation ? '' : `${outcome} `}${pattern}`,
    place: cache,
    count: 1,
    bars: [{ kind: 'cache', startMs, durationMs }],
    startMs,
    statements: [],
    hasFailed: error !== undefined || outcome === 'failure',
  };
}

function hydrationLane({ entity, entities, startMs, durationMs }: UnitHydration, at: number): Lane {
  return {
    key: `h${String(at)}`,
    name: `${String(entities)} × ${entity}`,
    count: 1,
    bars: [{ kind: 'hydrate', startMs, durationMs }],
    startMs,
    statements: [],
    hasFailed: false,
  };
}
