import { isAmbient } from '../../record/ambient.js';
import type { CacheOperation } from '../../record/cache-record.js';
import type { RecordSink } from '../../record/record-sink.js';
import { KeyPatterns } from '../key-patterns.js';

/** Who takes the records of a cache, and what the cache is called there. */
export interface CacheOutlet {
  readonly sink: RecordSink;
  name: string;
}

/** What a channel knows of an access on its way. */
export interface RunningAccess {
  readonly operation: CacheOperation;
  /** Nothing was found, and the value is being computed. */
  readonly isComputed: boolean;
}

/** Everything capture knows of one cache. */
export class CacheChannel {
  readonly patterns = new KeyPatterns();
  /** Calls of `wrap` that are under way, by key. */
  readonly wraps = new Map<string, RunningAccess>();
  /** The access whose store is being asked synchronously. */
  current: RunningAccess | undefined;
  /** A store can fail, or there are several: each access travels with the asynchronous context of its stores. */
  hasFrames = false;
  /** A null was seen, which may be a value or, in cache-manager 6, a miss: only the store can tell. */
  hasNulls = false;
  private outlets: readonly CacheOutlet[] = [];

  constructor(
    /** How long entries live where nothing is said, in milliseconds. */
    readonly defaultTtlMs: number | undefined,
    /** Takes the wrappers off. */
    private readonly uninstall: () => void,
  ) {}

  /** Who takes the access that starts now: of several applications the one that has a unit of work running here. */
  pick(): CacheOutlet | undefined {
    const { outlets } = this;
    return outlets.length <= 1 ? outlets[0] : (outlets.find(isWithinUnit) ?? outlets[0]);
  }

  claim(sink: RecordSink, name: string | undefined): void {
    const outlet = this.outlets.find((claimed) => claimed.sink === sink);
    if (outlet === undefined) this.outlets = [...this.outlets, { sink, name: name ?? 'default' }];
    else outlet.name = name ?? outlet.name;
  }

  leave(sink: RecordSink): void {
    const left = this.outlets.filter((outlet) => outlet.sink !== sink);
    if (left.length === this.outlets.length) return;
    this.outlets = left;
    if (left.length === 0) this.uninstall();
  }

  /** Reports a failure of QueryLens itself; the host goes on. */
  failed(where: string, error: unknown): void {
    for (const { sink } of this.outlets) {
      try {
        sink.failed(where, error);
      } catch {
        // Nobody is left to tell.
      }
    }
  }
}

function isWithinUnit({ sink }: CacheOutlet): boolean {
  const scope = sink.scope();
  return scope !== undefined && !isAmbient(scope.recorder.kind);
}
