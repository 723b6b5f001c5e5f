import type { FindingKind, Severity } from '../analysis/finding.js';
import { counted, countText } from '../statistics/count-text.js';
import { durationText } from '../statistics/duration-text.js';
import type { Report, ReportedFinding } from './report.js';

/** One subject of the overview, in one line. */
export interface Area {
  readonly name: AreaName;
  /** `unused`: nothing of it was seen. */
  readonly state: 'error' | 'warning' | 'info' | 'good' | 'unused';
  readonly text: string;
  /** Findings that belong to it. */
  readonly findings: number;
}

export type AreaName =
  'relations' | 'statements' | 'indexes' | 'caches' | 'pools' | 'transactions' | 'budgets' | 'query-lens';

interface Subject {
  readonly name: Exclude<AreaName, 'query-lens'>;
  readonly kinds: readonly FindingKind[];
  /** What is good to know where nothing was found. */
  readonly good: (report: Report) => string;
  /** Whether anything of it was seen. */
  readonly isUsed: (report: Report) => boolean;
  readonly unused: string;
}

/** Every kind of finding has one subject; a test holds them together. */
const SUBJECTS: readonly Subject[] = [
  {
    name: 'relations',
    kinds: [
      'n-plus-one',
      'double-load',
      'unused-relation',
      'unused-columns',
      'cartesian-product',
      'truncated-relation',
      'wrong-relation',
      'count-per-row',
    ],
    good: ({ loadingStrategies }) =>
      `${counted(loadingStrategies.length, 'relation')} loaded, each the way it should be`,
    isUsed: ({ loadingStrategies }) => loadingStrategies.length > 0,
    unused: 'no relation was loaded',
  },
  {
    name: 'statements',
    kinds: [
      'slow-query',
      'failing-query',
      'duplicate-query',
      'sequential-queries',
      'unbounded-result',
      'save-in-loop',
    ],
    good: ({ totals }) => `${counted(totals.queries, 'statement')}, none slow, none failing, none twice`,
    isUsed: ({ totals }) => totals.queries > 0,
    unused: 'no statement was seen',
  },
  {
    name: 'indexes',
    kinds: ['missing-index', 'redundant-index', 'unused-index'],
    good: () => 'none missing, none in vain, as far as plans were read',
    isUsed: ({ slowQueries }) => slowQueries.some((query) => 'plan' in query),
    unused: 'no plan has been read',
  },
  {
    name: 'caches',
    kinds: ['cacheable-query', 'cache-stampede', 'cache-id-collision', 'cache-ineffective', 'cache-failure'],
    good: ({ caches }) =>
      `${counted(caches.length, 'cache')}, ${caches.length === 1 ? 'it works' : 'all work'}`,
    isUsed: ({ caches }) => caches.length > 0,
    unused: 'no cache was used',
  },
  {
    name: 'pools',
    kinds: ['pool-wait', 'connection-leak'],
    good: ({ totals }) =>
      totals.timeMs.wait < 1
        ? 'nobody waited for a connection'
        : `${durationText(totals.timeMs.wait)} of waiting in all, nothing to worry about`,
    isUsed: ({ totals }) => totals.queries > 0,
    unused: 'no connection was asked for',
  },
  {
    name: 'transactions',
    kinds: ['long-transaction', 'idle-in-transaction'],
    good: () => 'none long, none idle',
    isUsed: ({ totals, transactions }) => transactions.length > 0 || totals.queries > 0,
    unused: 'none was seen',
  },
  {
    name: 'budgets',
    kinds: ['over-budget'],
    good: () => 'no handler exceeded its budget',
    isUsed: () => true,
    unused: '',
  },
];

const RANK: Readonly<Record<Area['state'], number>> = { error: 0, warning: 1, info: 2, good: 3, unused: 4 };

/** The whole data layer in eight lines, what is bad first. */
export function areas(report: Report): readonly Area[] {
  return [...SUBJECTS.map((subject) => areaOf(subject, report)), ownArea(report)].sort(
    (a, b) => RANK[a.state] - RANK[b.state],
  );
}

/** The subject that a finding belongs to. */
export function areaOfKind(kind: FindingKind): AreaName | undefined {
  return SUBJECTS.find(({ kinds }) => kinds.includes(kind))?.name;
}

function areaOf({ name, kinds, good, isUsed, unused }: Subject, report: Report): Area {
  const found = report.findings.filter(({ kind }) => kinds.includes(kind));
  const [worst] = found;
  if (worst !== undefined)
    return { name, state: worst.severity, text: foundText(found), findings: found.length };
  return isUsed(report)
    ? { name, state: 'good', text: good(report), findings: 0 }
    : { name, state: 'unused', text: unused, findings: 0 };
}

function foundText(found: readonly ReportedFinding[]): string {
  const of = (severity: Severity): number => found.filter((finding) => finding.severity === severity).length;
  const [errors, warnings, infos] = [of('error'), of('warning'), of('info')];
  return [
    ...(errors > 0 ? [counted(errors, 'error')] : []),
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
    ...(infos > 0 ? [`${countText(infos)} worth knowing`] : []),
  ].join(', ');
}

function ownArea({ self }: Report): Area {
  const { failures, degraded, recordsDropped, unitsAnalysed, analysisMicroseconds } = self;
  const troubles = [
    ...(failures.length > 0 ? [`failed in ${failures.map(({ where }) => where).join(', ')}`] : []),
    ...(recordsDropped > 0 ? [`${countText(recordsDropped)} records dropped`] : []),
    ...(degraded.length > 0 ? [`degraded: ${degraded[0] ?? ''}`] : []),
  ];
  const each = durationText(analysisMicroseconds / 1_000 / Math.max(1, unitsAnalysed));
  return {
    name: 'query-lens',
    state: failures.length > 0 ? 'warning' : troubles.length > 0 ? 'info' : 'good',
    text: troubles.length > 0 ? troubles.join('; ') : `${each} for each unit of work, off the request path`,
    findings: 0,
  };
}
