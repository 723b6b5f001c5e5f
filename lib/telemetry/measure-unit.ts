import { isAmbient } from '../record/ambient.js';
import type { Finding } from '../analysis/finding.js';
import type { CacheRecord } from '../record/cache-record.js';
import type { UnitOfWork } from '../record/unit-of-work.js';
import type { Instruments } from './instruments.js';
import { OWN } from './semconv.js';

/** Counts what one unit of work did, once it has been analysed. */
export function measureUnit(instruments: Instruments, unit: UnitOfWork, findings: readonly Finding[]): void {
  for (const { kind, severity } of findings)
    instruments.findings.add(1, { [OWN.findingKind]: kind, [OWN.findingSeverity]: severity });
  for (const access of unit.caches) measureAccess(instruments, access);
  if (!isAmbient(unit.kind))
    instruments.queriesPerUnit.record(unit.queries.length, { [OWN.unitKind]: unit.kind });
}

function measureAccess(instruments: Instruments, { cache, outcome }: CacheRecord): void {
  const attributes = { [OWN.cacheName]: cache };
  if (outcome === 'miss') instruments.cacheMisses.add(1, attributes);
  else if (outcome === 'hit' || outcome === 'stale' || outcome === 'coalesced')
    instruments.cacheHits.add(1, attributes);
  else if (outcome === 'failure') instruments.cacheFailures.add(1, attributes);
}
