import { CACHE_TTL_METADATA, CacheInterceptor } from '@nestjs/cache-manager';
import { Injectable, Logger, StreamableFile, type CallHandler, type ExecutionContext } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import { finalize, of, tap, type Observable } from 'rxjs';
import { sharedAccess } from '../capture/cache-manager/shared-access.js';
import { Flight, flightsOf, type Landed } from './flights.js';
import { lookUp, type InterceptedCache } from './look-up.js';
import { StoreTimes } from './store-times.js';

/** What the header `X-Cache` says. */
type CacheAnswer = 'HIT' | 'MISS' | 'STALE' | 'COALESCED' | 'BYPASS';

/** Stores what the handler gave; undefined where it must not be stored. */
type Store = ((value: unknown) => Promise<void>) | undefined;

/** `@Sse()` of Nest. */
const SSE_METADATA = '__sse__';

/**
 * Nest's `CacheInterceptor`, with three differences. Requests that ask for the same key at once wait for the first one, so a
 * cold key is computed once in a process. `X-Cache` tells what happened, and `Age` how many seconds ago the answer was stored.
 * A handler that answers null is cached too. Where the first request fails, the others run their handlers as they would have.
 * Who waited is given the very object that the handler gave: an interceptor around this one must not change it in place.
 *
 * ```ts
 * @UseInterceptors(QueryLensCacheInterceptor)
 * ```
 */
@Injectable()
export class QueryLensCacheInterceptor extends CacheInterceptor {
  /**
   * An answer that lives no longer than this is given as `STALE`, and computed anew meanwhile; for subclasses to set. In
   * milliseconds; 0 for never.
   */
  protected refreshThresholdMs = 0;
  private readonly storeTimes = new StoreTimes();

  override async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    if (this.reflector.get<unknown>(SSE_METADATA, context.getHandler()) === true)
      return super.intercept(context, next);
    const key = await this.trackBy(context);
    if (!key) {
      this.tell(context, 'BYPASS');
      return next.handle();
    }
    const flights = flightsOf(this.cache);
    const running = flights.get(key);
    if (running !== undefined) return this.follow(context, next, key, running);
    const flight = new Flight();
    flights.set(key, flight);
    const done = () => {
      flight.abandon();
      if (flights.get(key) === flight) flights.delete(key);
    };
    try {
      return await this.lead(context, next, key, flight, done);
    } catch (error) {
      done();
      throw error;
    }
  }

  private get cache(): InterceptedCache {
    return this.cacheManager as InterceptedCache;
  }

  private async follow(
    context: ExecutionContext,
    next: CallHandler,
    key: string,
    flight: Flight,
  ): Promise<Observable<unknown>> {
    const landed = await sharedAccess(this.cache, key, flight.landed, (value) => value?.isFound);
    if (landed === undefined) {
      this.tell(context, 'MISS');
      return next.handle();
    }
    this.tell(context, answerOf(landed), landed.age);
    return of(landed.value);
  }

  private async lead(
    context: ExecutionContext,
    next: CallHandler,
    key: string,
    flight: Flight,
    done: () => void,
  ): Promise<Observable<unknown>> {
    const found = await lookUp(this.cache, key).catch(() => 'failed' as const);
    if (found === 'failed') {
      this.tell(context, 'BYPASS');
      return this.compute(next, flight, undefined, done);
    }
    if (found !== undefined) return this.answer(context, next, key, found.value, flight, done);
    this.storeTimes.forget(key);
    this.tell(context, 'MISS');
    return this.compute(next, flight, await this.storeFor(context, key), done);
  }

  private async answer(
    context: ExecutionContext,
    next: CallHandler,
    key: string,
    value: unknown,
    flight: Flight,
    done: () => void,
  ): Promise<Observable<unknown>> {
    const age = this.storeTimes.ageOf(key);
    const isOld = await this.isOld(key);
    this.tell(context, isOld ? 'STALE' : 'HIT', age);
    flight.land({ value, isFound: true, isOld, age });
    if (isOld) this.refresh(this.compute(next, new Flight(), await this.storeFor(context, key), done));
    else done();
    return of(value);
  }

  private compute(next: CallHandler, flight: Flight, store: Store, done: () => void): Observable<unknown> {
    let landed: Landed | undefined;
    const stored: Promise<void>[] = [];
    return next.handle().pipe(
      tap({
        next: (value: unknown) => {
          // A stream is for one reader.
          landed = value instanceof StreamableFile ? undefined : { value, isFound: false };
          if (landed !== undefined && store !== undefined) stored.push(store(value));
        },
        complete: () => {
          if (landed !== undefined) flight.land(landed);
        },
      }),
      // Until the value is stored, newcomers share it.
      finalize(() => {
        flight.abandon();
        void Promise.all(stored).then(done);
      }),
    );
  }

  /** Never rejects: an answer that cannot be stored is an answer. */
  private async storeFor(context: ExecutionContext, key: string): Promise<Store> {
    const ttl = await this.ttlOf(context).catch(() => 'failed' as const);
    if (ttl === 'failed') return undefined;
    return async (value) => {
      try {
        const kept = value ?? null;
        await (ttl === undefined ? this.cache.set(key, kept) : this.cache.set(key, kept, ttl));
        this.storeTimes.stored(key);
      } catch (error) {
        const { stack } = error as { stack?: string };
        Logger.error(`An error has occurred when inserting "key: ${key}"`, stack, 'CacheInterceptor');
      }
    };
  }

  private async ttlOf(context: ExecutionContext): Promise<number | undefined> {
    type Ttl = number | ((context: ExecutionContext) => Promise<number> | number) | null | undefined;
    const places = [context.getHandler(), context.getClass()];
    const ttl = this.reflector.getAllAndOverride<Ttl>(CACHE_TTL_METADATA, places);
    return (typeof ttl === 'function' ? await ttl(context) : ttl) ?? undefined;
  }

  private async isOld(key: string): Promise<boolean> {
    if (this.refreshThresholdMs <= 0) return false;
    const expires = await this.cache.ttl?.(key).catch(() => undefined);
    return typeof expires === 'number' && expires - Date.now() < this.refreshThresholdMs;
  }

  /** Nobody waits for it, and a failure leaves the old answer until it expires. */
  private refresh(computation: Observable<unknown>): void {
    computation.subscribe({
      error: (error: unknown) => {
        const { stack } = error as { stack?: string };
        Logger.error('An answer could not be refreshed', stack, 'CacheInterceptor');
      },
    });
  }

  private tell(context: ExecutionContext, answer: CacheAnswer, age?: number): void {
    // Optional in Nest's constructor, though its type does not say so.
    const host = this.httpAdapterHost as Partial<HttpAdapterHost> | undefined;
    const httpAdapter = host?.httpAdapter;
    if (context.getType() !== 'http' || !httpAdapter) return;
    const response: unknown = context.switchToHttp().getResponse();
    httpAdapter.setHeader(response, 'X-Cache', answer);
    if (age !== undefined) httpAdapter.setHeader(response, 'Age', String(age));
  }
}

function answerOf({ isFound, isOld }: Landed): CacheAnswer {
  if (!isFound) return 'COALESCED';
  return isOld === true ? 'STALE' : 'HIT';
}
