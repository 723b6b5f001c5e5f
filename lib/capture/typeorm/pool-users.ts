import { callSiteKey, type CallSite } from '../../record/call-site.js';
import type { PoolUser } from '../../record/pool-use.js';
import type { CapturedStack } from '../../record/unit-recorder.js';

/** Places that are named of one moment; the connections of the others are not. */
const MAX_USERS = 10;

/** A holder or waiter as it was seen: its unit may not have its final name yet, and its stack has not been read. */
export interface SeenUser {
  readonly unit: () => string;
  readonly stack: CapturedStack | undefined;
  readonly heldMs: number;
  readonly isIdle: boolean;
  readonly isInTransaction: boolean;
}

/** Those of one unit name and place together, most connections first. */
export function poolUsers(
  seen: Iterable<SeenUser>,
  locate: (stack: CapturedStack) => CallSite | undefined,
): readonly PoolUser[] {
  const users = new Map<string, PoolUser>();
  for (const one of seen) {
    const callSite = one.stack === undefined ? undefined : locate(one.stack);
    const unit = one.unit();
    const key = `${unit}\n${callSite === undefined ? '' : callSiteKey(callSite)}`;
    const known = users.get(key);
    users.set(key, {
      unit,
      ...(callSite === undefined ? {} : { callSite }),
      connections: (known?.connections ?? 0) + 1,
      heldMs: Math.max(known?.heldMs ?? 0, one.heldMs),
      idle: (known?.idle ?? 0) + (one.isIdle ? 1 : 0),
      inTransaction: (known?.inTransaction ?? 0) + (one.isInTransaction ? 1 : 0),
    });
  }
  return [...users.values()]
    .sort((a, b) => b.connections - a.connections || b.heldMs - a.heldMs)
    .slice(0, MAX_USERS);
}
