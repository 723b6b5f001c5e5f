import type { EntityLoadRecord } from './load-record.js';
import type { UnitOfWork } from './unit-of-work.js';

/** When rows of a load became entities: in milliseconds since its unit began. */
export interface HydrationTime {
  readonly load: EntityLoadRecord;
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Of each load that took at least so long for it. Rows become entities when the load's last statement has ended. A load's own
 * time is more than that where it has several statements: it makes the next one of what the first has found.
 */
export function hydrationTimes({ loads, queries }: UnitOfWork, leastMs: number): HydrationTime[] {
  const shown = loads
    .filter((load) => load.kind === 'entities')
    .filter(({ hydrateMs }) => hydrateMs >= leastMs);
  if (shown.length === 0) return [];
  const parents = new Map(loads.map(({ id, parentLoad }) => [id, parentLoad]));
  const answered = new Map<number, number>();
  for (const { load, startMs, waitMs, executeMs } of queries) {
    const endMs = startMs + waitMs + executeMs;
    for (let around = load; around !== undefined; around = parents.get(around))
      answered.set(around, Math.max(answered.get(around) ?? 0, endMs));
  }
  return shown
    .map((load) => {
      const endMs = load.startMs + load.durationMs;
      const lastMs = Math.min(answered.get(load.id) ?? 0, endMs);
      return { load, startMs: Math.max(load.startMs, endMs - load.hydrateMs, lastMs), endMs };
    })
    .filter(({ startMs, endMs }) => endMs - startMs >= leastMs);
}
