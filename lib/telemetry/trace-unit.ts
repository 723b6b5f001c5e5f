import { SpanKind, SpanStatusCode, type Attributes, type Tracer } from '@opentelemetry/api';
import { describeCallSite } from '../record/call-site.js';
import type { AnalysedUnit } from '../analysis/detector.js';
import type { Advice, Finding } from '../analysis/finding.js';
import { cutText } from '../record/cut-text.js';
import type { CacheRecord } from '../record/cache-record.js';
import { hydrationTimes, type HydrationTime } from '../record/hydration-times.js';
import type { KeyWords } from './key-words.js';
import { OWN, SEMCONV } from './semconv.js';
import type { UnitPlace } from './unit-places.js';

/** Spans of accesses in one unit; of a loop over a cache the first ones are enough. */
const MAX_ACCESSES = 200;
/** Statements that the span of a finding links to. */
const MAX_LINKS = 10;
/** Characters of advice on a span or log record. */
const MAX_ADVICE = 2_000;
/** Spans of hydrations in one unit. */
const MAX_HYDRATIONS = 50;
/** Shorter ones are no spans, in milliseconds. */
const SHOWN_HYDRATION_MS = 1;

/** Spans of what is known only when a unit of work has ended, at the times at which it happened. */
export function traceUnit(
  tracer: Tracer,
  place: UnitPlace,
  unit: AnalysedUnit,
  findings: readonly Finding[],
  words: KeyWords,
): void {
  const { caches } = unit.unit;
  for (const access of caches.slice(0, MAX_ACCESSES)) traceAccess(tracer, place, access, words);
  for (const made of hydrationTimes(unit.unit, SHOWN_HYDRATION_MS).slice(0, MAX_HYDRATIONS))
    traceHydration(tracer, place, made);
  for (const finding of findings) traceFinding(tracer, place, unit, finding);
}

/** Named like Sentry's, because no convention has cache operations; the key is a pattern. */
function traceAccess(
  tracer: Tracer,
  { context, startedAt }: UnitPlace,
  access: CacheRecord,
  words: KeyWords,
): void {
  const { cache, operation, outcome, via, pattern, tier, keys, found, startMs, durationMs, error } = access;
  const isLookUp = outcome === 'hit' || outcome === 'miss' || outcome === 'stale' || outcome === 'coalesced';
  const attributes: Attributes = {
    [OWN.cacheName]: cache,
    [OWN.cacheOperation]: operation,
    [OWN.cacheOutcome]: outcome,
    [OWN.cacheVia]: via,
    ...(pattern === '' ? {} : { [OWN.cacheKeys]: [words.mask(pattern)] }),
    ...(isLookUp ? { [OWN.cacheHit]: outcome !== 'miss' } : {}),
    ...(tier === undefined ? {} : { [OWN.cacheTier]: tier }),
    ...(keys > 1 ? { [OWN.cacheKeyCount]: keys, [OWN.cacheFound]: found } : {}),
  };
  const startTime = startedAt + startMs;
  const span = tracer.startSpan(
    `cache.${operation}`,
    { kind: SpanKind.INTERNAL, attributes, startTime },
    context,
  );
  if (error !== undefined) {
    span.setAttribute(SEMCONV.errorType, error.code ?? error.type);
    // Stores put keys and values into their messages.
    span.setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end(startTime + durationMs);
}

/** Lies where the finding was seen: at the end of the unit of work, with what to search for. */
function traceFinding(
  tracer: Tracer,
  { context, startedAt }: UnitPlace,
  { unit, queries }: AnalysedUnit,
  finding: Finding,
): void {
  const at = startedAt + unit.durationMs;
  const { kind, statement } = finding;
  const shown = queries.filter((query) => query.statement.fingerprint === statement?.fingerprint);
  const links = shown
    .flatMap(({ record: { span } }) => (span === undefined ? [] : [{ context: span }]))
    .slice(0, MAX_LINKS);
  const [first] = shown;
  const attributes = {
    ...describeFinding(finding),
    ...(first === undefined ? {} : { [SEMCONV.summary]: first.statement.summary }),
  };
  tracer
    .startSpan(
      `finding ${kind}`,
      { kind: SpanKind.INTERNAL, attributes, startTime: at, ...(links.length === 0 ? {} : { links }) },
      context,
    )
    .end(at);
}

function adviceText({ text, code }: Advice): string {
  return cutText(code === undefined ? text : `${text}\n${code}`, MAX_ADVICE);
}

/** What to search a finding by, and what it says. */
export function describeFinding(finding: Finding): Attributes {
  const { kind, severity, title, route, relation, callSites, advice, cacheKey } = finding;
  const [site] = callSites;
  return {
    [OWN.findingKind]: kind,
    [OWN.findingSeverity]: severity,
    [OWN.findingTitle]: title,
    [OWN.unitName]: route,
    // That of caches names their keys.
    ...(cacheKey === undefined ? { [OWN.findingAdvice]: adviceText(advice) } : {}),
    ...(relation === undefined ? {} : { [OWN.relation]: relation }),
    ...(site === undefined ? {} : { [OWN.findingPlace]: describeCallSite(site) }),
  };
}

/** Entities are made when the statements of their load have ended, and so have the spans of those. */
function traceHydration(
  tracer: Tracer,
  { context, startedAt }: UnitPlace,
  { load, startMs, endMs }: HydrationTime,
): void {
  const attributes = { [OWN.entity]: load.entity, [OWN.entities]: load.entities };
  const startTime = startedAt + startMs;
  tracer
    .startSpan('hydrate', { kind: SpanKind.INTERNAL, attributes, startTime }, context)
    .end(startedAt + endMs);
}
