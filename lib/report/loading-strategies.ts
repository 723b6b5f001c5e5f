import type { Finding } from '../analysis/finding.js';
import type { Thresholds } from '../analysis/thresholds.js';
import { groupBy } from '../analysis/totals.js';
import { unreadOnRoutes } from '../statistics/read-findings.js';
import type { RelationStatistics } from '../statistics/relation-statistics.js';
import type { Statistics } from '../statistics/statistics.js';
import type { JudgedRelation } from './judged-relation.js';
import type { LoadingStrategyReport, Verdict } from './report.js';
import { rounded } from '../record/rounded.js';
import { roundedTime } from './rounded.js';
import { finished, type Steps } from './steps.js';
import { judgeRoute } from './verdict.js';
import { verifiedFinding, type Verifications } from './verified-finding.js';

/** How every relation was loaded on every route, with its verdict: what should change first, then by time. */
export function loadingStrategies(
  ...of: Parameters<typeof loadingStrategySteps>
): readonly LoadingStrategyReport[] {
  return finished(loadingStrategySteps(...of));
}

/** The same, route by route. */
export function* loadingStrategySteps(
  statistics: Statistics,
  thresholds: Thresholds,
  isShown: (finding: Finding) => boolean = () => true,
  verifications: Verifications = new Map(),
): Steps<readonly LoadingStrategyReport[]> {
  const dropped = droppedByRoute(statistics);
  const found = [...statistics.findings.values()];
  const unread = unreadOnRoutes(statistics, thresholds).filter(({ finding }) => isShown(finding));
  const tried = [...found, ...unread].map((seen) => verifiedFinding(seen, verifications).finding);
  const findings = groupBy(tried, scopeOf);
  const scopes = groupBy(statistics.relations.values(), ({ identity }) => scopeOf(identity));
  const rows: LoadingStrategyReport[] = [];
  for (const [scope, relations] of scopes) {
    const judged = relations.map((entry) => judgedRelation(entry, dropped.get(entry.identity.route) ?? 0));
    const verdicts = judgeRoute(judged, findings.get(scope) ?? [], thresholds);
    rows.push(...relations.map((entry, at) => row(entry, verdicts[at] as Verdict)));
    yield;
  }
  return rows.sort((a, b) => rank(a) - rank(b) || totalOf(b) - totalOf(a) || compare(a, b));
}

function scopeOf({ route, dataSource }: Pick<Finding, 'route' | 'dataSource'>): string {
  return `${route}\n${dataSource}`;
}

function droppedByRoute(statistics: Statistics): ReadonlyMap<string, number> {
  return new Map([...statistics.routes.values()].map(({ route, dropped }) => [route, dropped]));
}

function judgedRelation(entry: RelationStatistics, dropped: number): JudgedRelation {
  const { units, loads, maxLoadsPerUnit, parents, entities, joinedRows, rows } = entry;
  const { fieldPath, isFirstRows, isKeyList, isFiltered, notes, origin, fanOut } = entry;
  const figures = {
    units,
    loads,
    maxLoadsPerUnit,
    parents,
    entities,
    joinedRows,
    rows,
    fanOutP95: fanOut.quantile(0.95),
  };
  return {
    ...entry.identity,
    ...figures,
    fieldPath,
    isFirstRows,
    isKeyList,
    isFiltered,
    notes,
    origin,
    dropped,
  };
}

function row(entry: RelationStatistics, verdict: Verdict): LoadingStrategyReport {
  const { route, relation, strategy, dataSource, isCount } = entry.identity;
  const { units, maxLoadsPerUnit, loads, statements, rows, entities, parents, fieldPath } = entry;
  return {
    route,
    relation,
    strategy,
    dataSource,
    ...graphFacts(entry),
    ...(isCount ? { isCount } : {}),
    ...(fieldPath === undefined ? {} : { fieldPath }),
    units,
    maxLoadsPerUnit,
    loads,
    statements,
    rows,
    entities,
    parents,
    ...(entry.carried.distinct === 0
      ? {}
      : { duplication: rounded(entry.carried.rows / entry.carried.distinct) }),
    ...(entry.idStatements === 0 ? {} : { idStatements: entry.idStatements }),
    fanOut: { p50: rounded(entry.fanOut.quantile(0.5)), p95: rounded(entry.fanOut.quantile(0.95)) },
    ...(entry.bytes === undefined ? {} : { bytes: entry.bytes }),
    timeMs: roundedTime(entry.times.sums()),
    ...(entry.watched.loads === 0 ? {} : { read: readCounts(entry) }),
    callSites: [...entry.callSites],
    verdict,
  };
}

/** Where the relation stands in the graph of entities. */
function graphFacts({
  identity: { entity, property, target, isToMany },
  origin,
}: RelationStatistics): Pick<
  LoadingStrategyReport,
  'entity' | 'property' | 'target' | 'isToMany' | 'loadedFrom'
> {
  const from = origin?.list === undefined ? {} : { entity: origin.list.entity };
  return {
    ...(entity === undefined ? {} : { entity }),
    ...(property === undefined ? {} : { property }),
    ...(target === undefined ? {} : { target }),
    ...(isToMany ? { isToMany } : {}),
    ...(origin === undefined ? {} : { loadedFrom: { ...from, path: origin.path } }),
  };
}

function readCounts({ watched }: RelationStatistics): LoadingStrategyReport['read'] {
  const { loads, read, sent: sentToClient, copied } = watched;
  return { loads, read, sentToClient, copied };
}

/** Changes first, then what could not be judged, then what is fine. */
function rank({ verdict: { choice } }: LoadingStrategyReport): number {
  return choice === 'keep' ? 2 : choice === 'cannot-judge' ? 1 : 0;
}

function totalOf({ timeMs }: LoadingStrategyReport): number {
  return timeMs.wait + timeMs.execute + timeMs.hydrate;
}

function compare(a: LoadingStrategyReport, b: LoadingStrategyReport): number {
  const [left, right] = [`${a.route} ${a.relation} ${a.strategy}`, `${b.route} ${b.relation} ${b.strategy}`];
  return left < right ? -1 : left > right ? 1 : 0;
}
