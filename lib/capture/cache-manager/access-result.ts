import type { CacheError, CacheOutcome } from '../../record/cache-record.js';
import type { KeyGroup } from './key-groups.js';

/** What the result of an access says. */
export interface AccessResult {
  readonly outcome: CacheOutcome;
  /** Keys of a group that were found. */
  readonly found?: (group: KeyGroup) => number;
  readonly isNull?: boolean;
}

/** How it ended for one group of its keys. */
export function outcomeOf(
  { outcome }: AccessResult,
  group: KeyGroup,
  found: number,
  failure: CacheError | undefined,
): CacheOutcome {
  const isManyRead = outcome === 'hit' && found < group.indexes.length;
  const read = isManyRead ? 'miss' : outcome;
  return failure !== undefined && (read === 'miss' || read === 'set' || read === 'delete') ? 'failure' : read;
}
