import { filled, isBoolean, isListOfNames, refuseUnknown, refuseUnless } from './option-checks.js';
import { DEFAULT_TELEMETRY, type TelemetryOptions } from './telemetry/telemetry-options.js';

/** @throws QueryLensError QL001 for a name it does not know, QL002 for a value that cannot be */
export function resolveTelemetry(given: Partial<TelemetryOptions> | undefined): TelemetryOptions {
  if (given === undefined) return DEFAULT_TELEMETRY;
  const telemetry = filled('telemetry', DEFAULT_TELEMETRY, given);
  for (const name of ['spans', 'rootSpans', 'rowCounts', 'logs'] as const)
    refuseUnless('true or false', `telemetry.${name}`, telemetry[name], isBoolean);
  refuseUnless(
    "'auto', 'suppress' or 'keep'",
    'telemetry.driverSpans',
    telemetry.driverSpans,
    (value) => value === 'auto' || value === 'suppress' || value === 'keep',
  );
  refuseUnless(
    "true, false or 'auto'",
    'telemetry.metrics',
    telemetry.metrics,
    (value) => isBoolean(value) || value === 'auto',
  );
  refuseUnless('a list of positions', 'telemetry.parameters', telemetry.parameters, isListOfNames);
  refuseUnless('a list of words', 'telemetry.cacheKeyWords', telemetry.cacheKeyWords, isListOfNames);
  checkComments(telemetry.sqlComments);
  return telemetry;
}

function checkComments(comments: TelemetryOptions['sqlComments']): void {
  refuseUnless(
    'true, false or { traceparent: true }',
    'telemetry.sqlComments',
    comments,
    (value) => isBoolean(value) || (typeof value === 'object' && value !== null && !Array.isArray(value)),
  );
  if (typeof comments !== 'object') return;
  refuseUnknown('telemetry.sqlComments.', comments, ['traceparent']);
  refuseUnless('true or false', 'telemetry.sqlComments.traceparent', comments.traceparent, isBoolean);
}
