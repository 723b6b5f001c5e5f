import { FINDING_KINDS, type FindingKind } from './analysis/finding.js';
import { DEFAULT_THRESHOLDS, type Thresholds } from './analysis/thresholds.js';
import { QueryLensError } from './errors.js';
import type { IgnoreRule } from './ignore-findings.js';
import { DEFAULT_INVESTIGATE, resolveInvestigate, type InvestigateOptions } from './investigate-options.js';
import {
  filled,
  isBoolean,
  isCount,
  isDate,
  isFigure,
  isListOfNames,
  isObject,
  isShare,
  isTrackReads,
  refuseUnknown,
  refuseUnless,
  shown,
} from './option-checks.js';
import type { TrackReads } from './record/entity-reads.js';
import { resolveTelemetry } from './resolve-telemetry.js';
import { DEFAULT_TELEMETRY, type TelemetryOptions } from './telemetry/telemetry-options.js';
import { DEFAULT_UNIT_LIMITS, type UnitLimits } from './record/unit-limits.js';
import { NO_VERIFICATION, resolveVerifyAdvice, type VerifyAdviceOptions } from './verify-advice-options.js';

/** How much QueryLens may keep. What exceeds a limit is dropped, counted, and said in the report. */
export interface Limits extends UnitLimits {
  /** Finished units that wait to be analysed. @defaultValue 1000 */
  readonly maxWaitingUnits: number;
  /** Analysed units kept for `units()`. @defaultValue 100 */
  readonly maxUnits: number;
  /** Statements kept of each of them. @defaultValue 200 */
  readonly maxUnitStatements: number;
}

/** What `QueryLensModule.forRoot()` takes. Leaving a field out and setting it to `undefined` mean the same: its default. */
export interface QueryLensOptions {
  /**
   * `false`: nothing is patched, recorded or served; the module only provides an empty `QueryLensService`.
   * @defaultValue true
   */
  readonly enabled?: boolean;
  /**
   * Names of the data sources to record; statements of the others are not seen. A name that no data source has is an
   * error at start-up. `default` is the one without a name.
   * @defaultValue all of them
   */
  readonly dataSources?: readonly string[];
  /** When a detector speaks; see {@link Thresholds} for each figure and its unit. */
  readonly thresholds?: Partial<Thresholds>;
  /**
   * Kinds of findings that are switched off (or explicitly on): `{ 'sequential-queries': false }`.
   * @defaultValue all on
   */
  readonly detectors?: Partial<Record<FindingKind, boolean>>;
  /** How much may be kept; see {@link Limits}. */
  readonly limits?: Partial<Limits>;
  /**
   * Which loads are watched for what is read of them: `'off'`, `'sampled'` (of each kind of load the first 50, then 1 of
   * 20) or `'all'` (for tests). While its unit of work runs, loaded properties of a watched entity are accessors.
   * @defaultValue `'sampled'`, and `'off'` where NODE_ENV is `production`
   */
  readonly trackReads?: TrackReads;
  /**
   * Say in each HTTP response what its data layer took: a `Server-Timing` header, which browsers show beside the request,
   * and, where the admin page is open, `X-QueryLens-Unit` with the address of the unit's waterfall. For development.
   * @defaultValue false
   */
  readonly serverTiming?: boolean;
  /** Spans and metrics through `@opentelemetry/api`; see {@link TelemetryOptions}. They go nowhere without an SDK in the application. */
  readonly telemetry?: Partial<TelemetryOptions>;
  /** Which plans are read, and what may be done for it; see {@link InvestigateOptions}. */
  readonly investigate?: Partial<InvestigateOptions>;
  /**
   * Run loads that a finding is about once more, today's form and the advised one, to prove the advice: `true`, or
   * {@link VerifyAdviceOptions}. Keeps their parameters in memory until then. For tests and development.
   * @defaultValue false
   */
  readonly verifyAdvice?: boolean | Partial<VerifyAdviceOptions>;
  /** A lazy read loads the relation for its whole list: docs/auto-batching.md, `@AutoBatch()`. @defaultValue false */
  readonly autoBatch?: boolean;
  /** Findings that are known and accepted, each made by `ignoreFindings()`. @defaultValue none */
  readonly ignore?: readonly IgnoreRule[];
  /**
   * Write each finding as one line through Nest's `Logger`: once for each place, again when it got ten times worse.
   * @defaultValue true
   */
  readonly logFindings?: boolean;
  /** Write statements slower than `thresholds.slowQueryMs` through Nest's `Logger`, once a minute each. @defaultValue true */
  readonly logSlowQueries?: boolean;
  /** Write failed statements through Nest's `Logger`, once a minute each. @defaultValue true */
  readonly logFailingQueries?: boolean;
}

/** {@link QueryLensOptions} with every default filled in. */
export interface ResolvedOptions {
  readonly enabled: boolean;
  /** Absent: all. */
  readonly dataSources?: readonly string[];
  readonly thresholds: Thresholds;
  readonly detectors: Readonly<Record<FindingKind, boolean>>;
  readonly limits: Limits;
  readonly trackReads: TrackReads;
  readonly serverTiming: boolean;
  readonly telemetry: TelemetryOptions;
  readonly investigate: InvestigateOptions;
  readonly verifyAdvice: VerifyAdviceOptions;
  readonly autoBatch: boolean;
  readonly ignore: readonly IgnoreRule[];
  readonly logFindings: boolean;
  readonly logSlowQueries: boolean;
  readonly logFailingQueries: boolean;
}

export const DEFAULT_OPTIONS: ResolvedOptions = {
  enabled: true,
  thresholds: DEFAULT_THRESHOLDS,
  detectors: Object.fromEntries(FINDING_KINDS.map((kind) => [kind, true])) as Record<FindingKind, boolean>,
  limits: { ...DEFAULT_UNIT_LIMITS, maxWaitingUnits: 1_000, maxUnits: 100, maxUnitStatements: 200 },
  trackReads: 'sampled',
  serverTiming: false,
  telemetry: DEFAULT_TELEMETRY,
  investigate: DEFAULT_INVESTIGATE,
  verifyAdvice: NO_VERIFICATION,
  autoBatch: false,
  ignore: [],
  logFindings: true,
  logSlowQueries: true,
  logFailingQueries: true,
};

const NAMES = Object.keys(DEFAULT_OPTIONS) as (keyof ResolvedOptions)[];
const KNOWN_OPTIONS = [...NAMES, 'dataSources'];
const SWITCHES = NAMES.filter((name) => typeof DEFAULT_OPTIONS[name] === 'boolean');

/**
 * Fills in the defaults.
 *
 * @throws QueryLensError QL001 for a name it does not know, QL002 for a value that cannot be, QL004 and QL005 for an
 * ignore rule without a reason or with an unknown kind.
 */
export function resolveOptions(options: QueryLensOptions = {}): ResolvedOptions {
  refuseUnless('an object', 'options', options, isObject);
  refuseUnknown('', options, KNOWN_OPTIONS);
  for (const name of SWITCHES) refuseUnless('true or false', name, options[name], isBoolean);
  refuseUnless('a list of names', 'dataSources', options.dataSources, isListOfNames);
  refuseUnless('a list of rules made by ignoreFindings()', 'ignore', options.ignore, Array.isArray);
  refuseUnless("'off', 'sampled' or 'all'", 'trackReads', options.trackReads, isTrackReads);
  options.ignore?.forEach(checkRule);
  const {
    thresholds: _thresholds,
    detectors: _detectors,
    limits: _limits,
    telemetry: _telemetry,
    investigate: _investigate,
    verifyAdvice: _verifyAdvice,
    ...plain
  } = options;
  return {
    ...filled('', { ...DEFAULT_OPTIONS, trackReads: defaultTrackReads() }, plain),
    thresholds: resolveFigures('thresholds', DEFAULT_THRESHOLDS, options.thresholds),
    detectors: resolveDetectors(options.detectors),
    limits: resolveFigures('limits', DEFAULT_OPTIONS.limits, options.limits),
    telemetry: resolveTelemetry(options.telemetry),
    investigate: resolveInvestigate(options.investigate),
    verifyAdvice: resolveVerifyAdvice(options.verifyAdvice),
  };
}

/** Figures that are a share and not a count or a time. */
const SHARES: ReadonlySet<string> = new Set<keyof Thresholds>([
  'sequentialSavingShare',
  'idleTransactionShare',
  'minHitRatio',
]);

function resolveFigures<T extends object>(section: string, defaults: T, given: Partial<T> | undefined): T {
  if (given === undefined) return defaults;
  for (const [name, value] of Object.entries(filled(section, defaults, given))) {
    if (SHARES.has(name)) refuseUnless('a number from 0 to 1', `${section}.${name}`, value, isShare);
    else if (section === 'limits')
      refuseUnless('a whole number of 0 or more', `${section}.${name}`, value, isCount);
    else refuseUnless('a number of 0 or more', `${section}.${name}`, value, isFigure);
  }
  return filled(section, defaults, given);
}

function resolveDetectors(given: QueryLensOptions['detectors']): ResolvedOptions['detectors'] {
  if (given === undefined) return DEFAULT_OPTIONS.detectors;
  const detectors = filled('detectors', DEFAULT_OPTIONS.detectors, given);
  for (const [kind, isOn] of Object.entries(detectors)) {
    refuseUnless('true or false', `detectors.${kind}`, isOn, isBoolean);
  }
  return detectors;
}

const RULE_FIELDS: readonly (keyof IgnoreRule)[] = [
  'kind',
  'relation',
  'route',
  'fingerprint',
  'reason',
  'expires',
];

function checkRule(rule: IgnoreRule, index: number): void {
  const given: unknown = rule;
  refuseUnless('a rule made by ignoreFindings()', `ignore[${String(index)}]`, given ?? null, isObject);
  refuseUnknown(`ignore[${String(index)}].`, rule, RULE_FIELDS);
  if (typeof rule.reason !== 'string' || rule.reason.trim() === '') {
    throw new QueryLensError('QL004', { rule: shown(rule) });
  }
  if (rule.kind !== undefined && !FINDING_KINDS.includes(rule.kind)) {
    throw new QueryLensError('QL005', {
      part: 'the kind',
      value: rule.kind,
      known: FINDING_KINDS.join(', '),
    });
  }
  refuseUnless('a date such as 2027-01-31', `ignore[${String(index)}].expires`, rule.expires, isDate);
}

function defaultTrackReads(): TrackReads {
  return process.env['NODE_ENV'] === 'production' ? 'off' : DEFAULT_OPTIONS.trackReads;
}
