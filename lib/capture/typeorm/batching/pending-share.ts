import type { Batched } from './in-place.js';
import type { Share } from './load-shares.js';
import { UnsureError } from './load-shares.js';

/** What one parent gets of a statement for many, which may still be running. */
export interface PendingShare {
  /** What the statement was sent for; a parent whose key has changed meanwhile is asked for alone. */
  readonly key: string;
  readonly queryRunner: unknown;
  /** What the unit of work had written by then. */
  readonly writes: number;
  readonly batched: Batched;
  /** Fulfilled when `share` is set, whatever came of it. */
  done: Promise<void>;
  share?: Share;
}

/**
 * Waits for the share. Without one the parent is asked for alone, and fails as it would have; inside a transaction a
 * statement that failed is not followed by others, which could only hide its error.
 */
export async function handOver(
  pending: PendingShare,
  alone: () => Promise<readonly object[]>,
): Promise<readonly object[]> {
  await pending.done;
  const { share, queryRunner } = pending;
  if (share !== undefined && 'children' in share) {
    pending.batched.served++;
    return share.children;
  }
  if (
    share?.isOfStatement === true &&
    !(share.failure instanceof UnsureError) &&
    isInTransaction(queryRunner)
  )
    throw share.failure;
  return alone();
}

function isInTransaction(queryRunner: unknown): boolean {
  return (queryRunner as { isTransactionActive?: boolean } | null | undefined)?.isTransactionActive === true;
}
