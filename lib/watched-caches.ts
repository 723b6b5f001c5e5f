import { isCache } from './capture/cache-manager/cache-shapes.js';
import { instrumentCache } from './capture/cache-manager/instrument-cache.js';
import { isCacheInterceptor, watchInterceptor } from './capture/cache-manager/intercepted-keys.js';
import type { RecordSink } from './record/record-sink.js';

/** The caches of one application, each under the name that its records have. */
export class WatchedCaches {
  private readonly names = new Set<string>();
  private readonly known = new WeakSet();

  constructor(
    private readonly sink: RecordSink,
    /** Takes what undoes each. */
    private readonly undo: (() => void)[],
  ) {}

  /** Records what Nest provides under `token`, where it is a cache of cache-manager: once, whatever leads to it. */
  claim(provided: object, token: unknown): void {
    this.attempt('cache', () => {
      if (this.known.has(provided) || !isCache(provided)) return;
      this.known.add(provided);
      this.undo.push(instrumentCache(provided, this.sink, this.freeName(nameOf(token))));
    });
  }

  /** Tells the accesses of Nest's `CacheInterceptor` from those of services, where the class is one. */
  watchInterceptor(metatype: unknown): void {
    this.attempt('cache interceptor', () => {
      if (isCacheInterceptor(metatype)) this.undo.push(watchInterceptor(metatype));
    });
  }

  private freeName(wanted: string): string {
    let name = wanted;
    for (let number = 2; this.names.has(name); number++) name = `${wanted}#${String(number)}`;
    this.names.add(name);
    return name;
  }

  /** What cannot be observed is no reason for the application not to start. */
  private attempt(where: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      this.sink.failed(where, error);
    }
  }
}

/** What `CacheModule` of @nestjs/cache-manager provides is the default; others are called by their token. */
function nameOf(token: unknown): string {
  if (token === 'CACHE_MANAGER') return 'default';
  if (typeof token === 'symbol') return token.description ?? 'cache';
  return typeof token === 'function' ? token.name : String(token);
}
