import type { IdleConnection } from '../record/pool-snapshot.js';
import type { Finding } from './finding.js';

/** A connection that somebody keeps and does not use. Judged while it is held: it belongs to no unit that could end. */
export function connectionLeak(idle: IdleConnection, dataSource: string): Finding {
  const { unit, callSite, heldMs, idleMs, statements, isInTransaction } = idle;
  const inside = isInTransaction ? ' in the middle of a transaction, whose locks it keeps' : '';
  return {
    kind: 'connection-leak',
    severity: 'warning',
    title: `A connection has been held for ${seconds(heldMs)}, and nothing has run on it for ${seconds(idleMs)}`,
    route: unit,
    dataSource,
    callSites: callSite === undefined ? [] : [callSite],
    evidence: {
      text: `It was taken out of the pool, ran ${statements === 1 ? 'one statement' : `${statements} statements`} and was not given back${inside}.`,
      facts: {
        heldMs: Math.round(heldMs),
        idleMs: Math.round(idleMs),
        statements,
        isInTransaction,
        server: idle.server,
      },
    },
    cost: { statements, rows: 0, timeMs: Math.round(heldMs) },
    advice: {
      text: 'Release the query runner on every way out, errors included; dataSource.transaction() does it by itself.',
      code: 'const runner = dataSource.createQueryRunner()\ntry {\n  ...\n} finally {\n  await runner.release()\n}',
    },
  };
}

function seconds(ms: number): string {
  return ms < 100_000 ? `${Math.round(ms / 100) / 10} s` : `${Math.round(ms / 60_000)} min`;
}
