import { createHash } from 'node:crypto';

/** The part of cache-manager's cache that is used: the same in 5, 6 and 7. */
export interface CacheLike {
  /** From 6. */
  readonly stores?: readonly { get(key: string): Promise<unknown> }[];
  get(key: string): Promise<unknown>;
  set(key: string, value: unknown, ttl?: number): Promise<unknown>;
  del(key: string): Promise<unknown>;
}

/** How results are kept. */
export interface ResultCacheOptions {
  /** What the keys begin with, so that results and other entries of the cache do not meet. @defaultValue `'typeorm'` */
  readonly namespace?: string;
}

/** What TypeORM gives and takes: a `QueryResultCacheOptions`. */
interface CachedResult {
  readonly identifier?: string;
  readonly query?: string;
  readonly time?: number;
  readonly duration: number;
  readonly result?: unknown;
}

/** An entry of the cache. */
interface StoredResult extends CachedResult {
  /** The last `clear()` before it was stored. */
  readonly generation: string;
}

/** A provider as TypeORM's `cache: { provider }` wants it, in 0.3 and 1.x. */
export interface ResultCacheProvider {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  synchronize(): Promise<void>;
  getFromCache(options: CachedResult): Promise<CachedResult | undefined>;
  storeInCache(options: CachedResult): Promise<void>;
  isExpired(saved: CachedResult): boolean;
  clear(): Promise<void>;
  remove(identifiers: readonly string[]): Promise<void>;
}

/** Tells QueryLens whose rows were kept under the identifier. */
const COLLIDED = Symbol.for('nestjs-query-lens.collided');
/** A generation lives longer than any result that belongs to it: 20 days, as timers count in 32 bits of milliseconds. */
const GENERATION_TTL_MS = 20 * 24 * 60 * 60 * 1_000;
const FIRST_GENERATION = '0';
/** How long a generation is taken for the present one: so late is a `clear()` of another process seen. */
const GENERATION_KNOWN_MS = 1_000;

/**
 * Lets TypeORM keep query results in a cache of cache-manager, so that `cache: true` and Nest share one store:
 *
 * ```ts
 * TypeOrmModule.forRootAsync({
 *   inject: [CACHE_MANAGER],
 *   useFactory: (cache: Cache) => ({ ..., cache: { provider: queryLensResultCache(cache) } }),
 * })
 * ```
 *
 * It takes no connection of the database's pool. Rows that were stored under the same `cache: { id }` by another statement or
 * with other values are not served. `dataSource.queryResultCache.clear()` leaves everything else in the cache alone; results
 * that it forgets stay in the store until their time is over. Other processes with the same store see it within a second.
 * The cache belongs to the application: it is not closed here.
 */
export function queryLensResultCache(
  cache: CacheLike,
  { namespace = 'typeorm' }: ResultCacheOptions = {},
): () => ResultCacheProvider {
  const done = () => Promise.resolve();
  const generationKey = `${namespace}:generation`;
  const generation = new KnownGeneration(async () => {
    // The last tier is the one that processes share.
    const stored = await (cache.stores?.at(-1) ?? cache).get(generationKey);
    return typeof stored === 'string' ? stored : FIRST_GENERATION;
  });
  return () => ({
    connect: done,
    disconnect: done,
    synchronize: done,
    async getFromCache(options) {
      const [current, saved] = await Promise.all([generation.now(), cache.get(keyOf(namespace, options))]);
      if (!isResult(saved) || saved.generation !== current) return undefined;
      if (saved.query === options.query) return saved;
      Reflect.set(options, COLLIDED, saved.query);
      return undefined;
    },
    async storeInCache(options) {
      const { identifier, query, time, duration, result } = options;
      const stored: StoredResult = {
        identifier,
        query,
        time,
        duration,
        result,
        generation: await generation.now(),
      };
      await cache.set(keyOf(namespace, options), stored, duration);
    },
    isExpired: ({ time = 0, duration }) => time + duration < Date.now(),
    async clear() {
      await cache.set(
        generationKey,
        `${String(Date.now())}-${Math.random().toString(36).slice(2)}`,
        GENERATION_TTL_MS,
      );
      generation.forget();
    },
    async remove(identifiers) {
      await Promise.all(
        identifiers.map((identifier) => cache.del(keyOf(namespace, { identifier, duration: 0 }))),
      );
    },
  });
}

/** Asks for the generation once in a while, however many results are looked up. */
class KnownGeneration {
  private known: { readonly at: number; readonly generation: Promise<string> } | undefined;

  constructor(private readonly ask: () => Promise<string>) {}

  now(): Promise<string> {
    const at = Date.now();
    // A clock that was set back would keep it for long.
    if (this.known !== undefined && Math.abs(at - this.known.at) < GENERATION_KNOWN_MS)
      return this.known.generation;
    const generation = this.ask();
    this.known = { at, generation };
    generation.catch(() => {
      this.forget();
    });
    return generation;
  }

  forget(): void {
    this.known = undefined;
  }
}

/** Identifiers as they are, so that people find them in the store; statements as a digest, because they are long. */
function keyOf(namespace: string, { identifier, query = '' }: CachedResult): string {
  return identifier
    ? `${namespace}:${identifier}`
    : `${namespace}:${createHash('sha256').update(query).digest('hex')}`;
}

function isResult(saved: unknown): saved is StoredResult {
  return typeof saved === 'object' && saved !== null && 'generation' in saved && 'query' in saved;
}
