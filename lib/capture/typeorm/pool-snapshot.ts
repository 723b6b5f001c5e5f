import type { CallSite } from '../../record/call-site.js';
import type { IdleConnection, PoolSnapshot } from '../../record/pool-snapshot.js';
import type { CapturedStack } from '../../record/unit-recorder.js';
import { monotonicMs } from '../clock.js';
import { captureRegistry } from './capture-registry.js';
import type { Hold } from './hold.js';
import { poolGauges } from './pool-gauges.js';
import { poolUsers } from './pool-users.js';
import type { DataSourceShape } from './typeorm-shapes.js';

type Locate = (stack: CapturedStack) => CallSite | undefined;

/** Such a statement is followed by silence on purpose. */
const WAITS_ON_PURPOSE = /^\s*(?:LISTEN\b|SELECT\s+(?:pg_(?:try_)?advisory_lock|GET_LOCK)\b)/i;

/** What the pools of a data source look like now. Waits for nothing and asks no database. */
export function poolSnapshot(dataSource: object, locate: Locate, idleMs: number): PoolSnapshot {
  const { driver } = dataSource as DataSourceShape;
  const gauges = poolGauges(driver);
  const watch = captureRegistry().channels.get(driver)?.pool;
  if (watch === undefined || gauges.length === 0) {
    watch?.clear();
    return {
      gauges,
      holders: { primary: [], replica: [] },
      waitingMs: { primary: [], replica: [] },
      idle: [],
    };
  }
  const nowMs = monotonicMs();
  const holds = [...watch.held()].map(([, hold]) => hold);
  const usersOf = (server: Hold['server']) =>
    poolUsers(
      holds.filter((hold) => hold.server === server).map((hold) => hold.seen(nowMs)),
      locate,
    );
  return {
    gauges,
    holders: { primary: usersOf('primary'), replica: usersOf('replica') },
    waitingMs: { primary: watch.waitingMs(nowMs, 'primary'), replica: watch.waitingMs(nowMs, 'replica') },
    ...(watch.progressMs === 0 ? {} : { sinceProgressMs: nowMs - watch.progressMs }),
    idle: idleOf(holds, nowMs, idleMs, locate),
  };
}

/** Connections without a statement for so long that were not asked for before: each is told once. */
export function newlyIdle(dataSource: object, locate: Locate, idleMs: number): readonly IdleConnection[] {
  const { driver } = dataSource as DataSourceShape;
  const watch = captureRegistry().channels.get(driver)?.pool;
  if (watch === undefined || poolGauges(driver).length === 0) return [];
  const nowMs = monotonicMs();
  const holds = [...watch.held()].map(([, hold]) => hold);
  const fresh = holds.filter((hold) => !hold.isReported && hold.idleMs(nowMs) >= idleMs);
  for (const hold of fresh) hold.isReported = true;
  return idleOf(fresh, nowMs, idleMs, locate);
}

function idleOf(
  holds: readonly Hold[],
  nowMs: number,
  idleMs: number,
  locate: Locate,
): readonly IdleConnection[] {
  return holds
    .filter((hold) => hold.idleMs(nowMs) >= idleMs)
    .map((hold) => idleConnection(hold, nowMs, locate))
    .sort((a, b) => b.idleMs - a.idleMs);
}

function idleConnection(hold: Hold, nowMs: number, locate: Locate): IdleConnection {
  const { server, stack, state } = hold;
  const callSite = stack === undefined ? undefined : locate(stack);
  return {
    server,
    unit: hold.unit(),
    ...(callSite === undefined ? {} : { callSite }),
    heldMs: nowMs - hold.sinceMs,
    idleMs: hold.idleMs(nowMs),
    statements: state.statements,
    isInTransaction: state.transaction !== undefined,
    isOnPurpose: WAITS_ON_PURPOSE.test(state.lastStatement),
  };
}
