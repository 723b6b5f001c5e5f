import { explainable } from '../investigation/explainable.js';
import type { Explainer } from '../investigation/explainer.js';
import { adviseWorkload } from '../investigation/investigate.js';
import { investigationKey, type Investigation } from '../investigation/investigation.js';
import { judgeStatement } from '../investigation/judge-statement.js';
import type { Suspect } from '../investigation/suspect.js';
import { watchedHours } from '../investigation/suspects.js';
import type { Examined } from '../investigation/workload-index.js';
import { reportedFinding, worstFirst } from '../report/reported-findings.js';
import type { Report, SlowQueryReport } from '../report/report.js';
import { parameterised } from './parameterised.js';

/** The end of a text that was cut. */
const CUT = '…';
/** Statements that are looked at, by total time. */
const MAX_STATEMENTS = 50;

/**
 * The report with what an explainer says of its slow queries: plans, verified advice, `missing-index` findings, or the
 * reason for none. Statements of a report have no values, so their plans are generic. `at` (milliseconds since the epoch)
 * names the migrations.
 */
export async function advisedReport(
  report: Report,
  dataSource: string,
  explainer: Explainer,
  at: number,
): Promise<Report> {
  const statements = report.slowQueries.filter((query) => query.dataSource === dataSource);
  const examined: Examined[] = [];
  const refused = new Map<string, string>();
  for (const query of statements.slice(0, MAX_STATEMENTS)) {
    const result = await examine(query, report, explainer);
    if (typeof result === 'string') refused.set(keyOf(query), result);
    else examined.push(result);
  }
  const context = { database: explainer.database, at };
  const { investigations, findings } = await adviseWorkload(explainer, dataSource, examined, context);
  const known = new Map(investigations.map((investigation) => [keyOf(investigation), investigation]));
  const kept = report.findings.filter((finding) => !isJudgedHere(finding, dataSource));
  return {
    ...report,
    slowQueries: report.slowQueries.map((query) =>
      advised(query, known.get(keyOf(query)), refused.get(keyOf(query))),
    ),
    findings: [...kept, ...findings.map(reportedFinding)].sort(worstFirst),
  };
}

function isJudgedHere(finding: Report['findings'][number], dataSource: string): boolean {
  return finding.kind === 'missing-index' && finding.dataSource === dataSource;
}

async function examine(
  query: SlowQueryReport,
  report: Report,
  explainer: Explainer,
): Promise<Examined | string> {
  if (query.statement.endsWith(CUT)) return 'Its text is too long for the report, so it cannot be planned.';
  const found = explainable(parameterised(query.statement), undefined, 'standard');
  if (found.kind === 'refused') return found.whyNot;
  const suspect = suspectOf(query, found.statement, report);
  try {
    return { suspect, judgement: await judgeStatement(explainer, found.statement) };
  } catch (error) {
    return `It could not be planned: ${(error as Error).message}.`;
  }
}

function advised(
  query: SlowQueryReport,
  investigation: Investigation | undefined,
  refusal: string | undefined,
): SlowQueryReport {
  if (investigation === undefined) return refusal === undefined ? query : { ...query, whyNot: refusal };
  const { whyNot: _, ...rest } = query;
  const { plan, advice, whyNot } = investigation;
  return { ...rest, ...(plan && { plan }), advice, ...(whyNot !== undefined && { whyNot }) };
}

function suspectOf(query: SlowQueryReport, statement: Suspect['statement'], { window }: Report): Suspect {
  const { dataSource, fingerprint, summary, count, rows, totalMs, waitMs, isSlow, routes, callSites } = query;
  const executeMs = totalMs - waitMs;
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)];
  return {
    key: keyOf(query),
    dataSource,
    fingerprint,
    text: query.statement,
    name: summary,
    statement,
    calls: count,
    msPerHour: executeMs / watchedHours({ from, to }),
    meanMs: executeMs / Math.max(1, count),
    rowsPerCall: rows / Math.max(1, count),
    isSlow,
    route: routes[0] ?? '',
    callSites,
    firstSeen: from,
    lastSeen: to,
    traceIds: query.examples.flatMap(({ traceId }) => traceId ?? []),
  };
}

function keyOf({ dataSource, fingerprint }: Pick<SlowQueryReport, 'dataSource' | 'fingerprint'>): string {
  return investigationKey(dataSource, fingerprint);
}
