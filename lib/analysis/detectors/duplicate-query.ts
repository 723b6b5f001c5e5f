import type { AnalysedUnit, Detector } from '../detector.js';
import type { Finding } from '../finding.js';
import { loopedQueries } from '../looped-queries.js';
import { isPlainRead } from '../relation-loads/key-lookup.js';
import { makeFinding } from '../make-finding.js';
import { valuesIdentity } from '../query-values.js';
import type { AnalysedQuery } from '../relation-load.js';
import type { TimeLine } from '../time-line.js';
import { groupBy } from '../totals.js';

/**
 * Identical SQL with identical values, and nothing written to its tables in between.
 * Rulings: RULINGS.md, "duplicate-query". Duplicates inside a loop that is an n-plus-one are part of that finding.
 */
export const detectDuplicateQuery: Detector = (unit, thresholds) => {
  const told = loopedQueries(unit, thresholds);
  const candidates = unit.queries.filter((query) => isCandidate(query, unit) && !told.has(query));
  const repeated = sameReads(candidates, thresholds.minDuplicates);
  if (repeated.length === 0) return [];
  const runs = repeated
    .flatMap((group) => runsWithoutChange(group, unit.timeLine))
    .filter((run) => run.length >= thresholds.minDuplicates);
  // One cause: the same code ran twice, and asked for several things each time.
  const causes = groupBy(runs, ([first]) => `${first?.record.dataSource}|${first?.statement.fingerprint}`);
  return [...causes.values()].map((cause) => finding(cause, unit));
};

/** Reads of one text with the same values, at least so many, in the order of their first. Most texts come once. */
function sameReads(queries: readonly AnalysedQuery[], least: number): readonly (readonly AnalysedQuery[])[] {
  const groups: (readonly AnalysedQuery[])[] = [];
  for (const sameText of groupBy(queries, ({ record }) => record.statement).values()) {
    if (sameText.length < least) continue;
    const identityOf = (query: AnalysedQuery) => `${query.record.dataSource}|${valuesIdentity(query)}`;
    for (const group of groupBy(sameText, identityOf).values()) if (group.length >= least) groups.push(group);
  }
  return groups.sort((a, b) => firstOf(a) - firstOf(b));
}

function firstOf([first]: readonly AnalysedQuery[]): number {
  return first?.record.sequence ?? 0;
}

function isCandidate(query: AnalysedQuery, unit: AnalysedUnit): boolean {
  if (query.record.isOfResultCache === true) return false;
  return isPlainRead(query) && unit.tree.persistAround(query.record.load) === undefined;
}

/** Cuts the group where reading again was a fresh read, and drops what a timer made. */
function runsWithoutChange(
  group: readonly AnalysedQuery[],
  timeLine: TimeLine,
): readonly (readonly AnalysedQuery[])[] {
  const runs: AnalysedQuery[][] = [];
  for (const query of group) {
    const run = runs.at(-1);
    const previous = run?.at(-1);
    if (previous === undefined || isFreshRead(previous, query, timeLine)) runs.push([query]);
    else run?.push(query);
  }
  return runs.filter((run) => !isPolling(run, timeLine));
}

/** A write to its tables, or another attempt after a failure, lies between. */
function isFreshRead(before: AnalysedQuery, after: AnalysedQuery, timeLine: TimeLine): boolean {
  const [from, to] = [before.record.sequence, after.record.sequence];
  return timeLine.isWrittenBetween([before], from, to) || timeLine.isSetBackBetween(from, to);
}

/** Two reads this far apart, or several with shorter waits between most of them, were made to see whether something changed. */
const WAIT_MS = 100;
const POLLING_MS = 10;

function isPolling(run: readonly AnalysedQuery[], timeLine: TimeLine): boolean {
  const least = run.length === 2 ? WAIT_MS : POLLING_MS;
  const waits = run.filter(({ record }, at) => {
    const previous = run[at - 1]?.record.sequence;
    return previous !== undefined && timeLine.pauseBetween(previous, record.sequence) >= least;
  });
  return waits.length > 0 && waits.length * 2 >= run.length - 1;
}

function finding(runs: readonly (readonly AnalysedQuery[])[], unit: AnalysedUnit): Finding {
  const queries = runs.flat();
  const [first] = queries as [AnalysedQuery];
  const { isCount, summary } = first.statement;
  const isOne = runs.length === 1;
  return makeFinding(unit, {
    kind: 'duplicate-query',
    severity: 'warning',
    title: isOne
      ? `The same statement with the same values ran ${queries.length} times: ${summary}`
      : `The same reads were repeated: ${queries.length} statements for ${runs.length} different values, ${summary}`,
    queries,
    evidence: {
      text: `${queries.length} ${isOne ? 'identical reads' : `reads of ${runs.length} different values`}, and nothing wrote to ${tablesOf(first)} in between.`,
      facts: { statements: queries.length, distinctValues: runs.length, summary },
    },
    advice: {
      text: isCount
        ? 'Count once and pass the number down.'
        : 'Read it once and pass the result down; where the callers are far apart, keep it in a request-scoped provider ' +
          'or cache it.',
    },
  });
}

function tablesOf({ statement }: AnalysedQuery): string {
  return [...new Set(statement.tables.map((table) => table.name))].join(', ');
}
