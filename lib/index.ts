export type { AdminOptions } from './admin/admin-options.js';
export { FINDING_KINDS } from './analysis/finding.js';
export type { Advice, Finding, FindingCost, FindingKind, Severity } from './analysis/finding.js';
export type { LoadingStrategy } from './analysis/relation-load.js';
export { DEFAULT_THRESHOLDS } from './analysis/thresholds.js';
export type { Thresholds } from './analysis/thresholds.js';
export { AutoBatch } from './context/auto-batch.decorator.js';
export { Observe } from './context/observe.decorator.js';
export { ERRORS, QueryLensError } from './errors.js';
export type { ErrorCode } from './errors.js';
export type { Health, HealthOptions } from './health-check.js';
export { ignoreFindings } from './ignore-findings.js';
export type { IgnoreRule } from './ignore-findings.js';
export type { InvestigateMode, InvestigateOptions } from './investigate-options.js';
export type { PlanNode, PlanWarning, QueryPlan } from './investigation/query-plan.js';
export { instrumentDataSource } from './instrument-data-source.js';
export type { QueryLogRecord } from './logged-query.js';
export { DEFAULT_OPTIONS } from './options.js';
export type { Limits, QueryLensOptions, ResolvedOptions } from './options.js';
export { QueryLensModule } from './query-lens.module.js';
export type { QueryLensExtras } from './query-lens.module-definition.js';
export { QueryLensService } from './query-lens.service.js';
export type { CacheOperation, CacheOutcome, CacheVia } from './record/cache-record.js';
export type { CallSite } from './record/call-site.js';
export type { UnitKind } from './record/unit-of-work.js';
export type {
  LoadingStrategyReport,
  Percentiles,
  Report,
  ReportedFinding,
  RouteReport,
  SelfReport,
  SlowQueryReport,
  TimeSplit,
  Verdict,
  VerdictChoice,
} from './report/report.js';
export type { TextOptions, TextSection } from './report/text/text-options.js';
export { renderMarkdown } from './report/render-markdown.js';
export { renderText } from './report/render-text.js';
export type { UnitCacheAccess } from './unit-cache-access.js';
export type { UnitStatement, UnitView } from './unit-view.js';
