/** What a flight brings home. */
export interface Landed {
  readonly value: unknown;
  /** It was found in the cache, and not computed. */
  readonly isFound: boolean;
  /** It was found, and a new one is being computed. */
  readonly isOld?: boolean;
  /** Seconds since it was stored, where that is known. */
  readonly age?: number | undefined;
}

/** One look-up or computation of a key, that others may wait for. */
export class Flight {
  /** Undefined: there is nothing to share, everybody is on their own. Never rejects. */
  readonly landed: Promise<Landed | undefined>;
  private settle: (landed: Landed | undefined) => void = () => undefined;

  constructor() {
    this.landed = new Promise((resolve) => {
      this.settle = resolve;
    });
  }

  land(landed: Landed): void {
    this.settle(landed);
  }

  /** Does nothing after {@link land}. */
  abandon(): void {
    this.settle(undefined);
  }
}

const KEY = Symbol.for('nestjs-query-lens');

/** The flights of one cache: Nest makes an interceptor for each module, and all of them share the cache. */
export function flightsOf(cache: object): Map<string, Flight> {
  const shared = ((globalThis as { [KEY]?: { flights?: WeakMap<object, Map<string, Flight>> } })[KEY] ??= {});
  const all = (shared.flights ??= new WeakMap<object, Map<string, Flight>>());
  const flights = all.get(cache) ?? new Map<string, Flight>();
  all.set(cache, flights);
  return flights;
}
