import type { CacheCollision } from '../../record/cache-record.js';
import { cutText } from '../../record/cut-text.js';
import { redact } from '../../sql/redact.js';
import { digestOf } from '../digest.js';
import { KeyPatterns } from '../key-patterns.js';
import { observeResult } from '../observe-result.js';
import { replaceMethod, type AnyMethod } from '../replace-method.js';
import type { Channel } from './channel.js';
import type { Lens } from './lens.js';
import { ResultCacheAccess, type DescribedAccess, type SeenAccess } from './result-cache-access.js';
import type { DataSourceShape } from './typeorm-shapes.js';

/** What TypeORM hands to its cache, and gets from it. */
interface CachedResult {
  readonly identifier?: string | null;
  readonly query?: string;
  readonly duration?: number | string;
  readonly result?: unknown;
  /** Left by a provider that found another statement under the identifier and did not serve it. */
  readonly [COLLIDED]?: string;
}

/** The part of a `QueryResultCache` that is read here; custom providers have it too. */
interface ResultCacheShape {
  readonly queryResultCacheTable?: unknown;
  readonly clientType?: unknown;
  isExpired(saved: object): boolean;
}

const COLLIDED = Symbol.for('nestjs-query-lens.collided');
/** TypeORM's key of a statement: its text, this, its values. */
const VALUES = ' -- PARAMETERS: ';

const MAX_SHOWN = 300;

/** Records what TypeORM's `cache: true` finds and stores. Answers how to undo it; undefined where there is no cache. */
export function wrapResultCache(
  dataSource: DataSourceShape,
  channelOf: () => Channel | undefined,
): (() => void) | undefined {
  const cache = dataSource.queryResultCache as ResultCacheShape | undefined;
  if (typeof cache !== 'object') return undefined;
  const watch = new ResultCacheWatch(dataSource, cache, channelOf);
  const undo = Object.entries(watch.methods)
    .filter(
      ([method]) => typeof (cache as unknown as Readonly<Record<string, unknown>>)[method] === 'function',
    )
    .map(([method, wrap]) => replaceMethod(cache, method, wrap));
  return () => {
    for (const restore of undo) restore();
  };
}

class ResultCacheWatch {
  private readonly patterns = new KeyPatterns();
  private readonly tier: string;

  readonly methods: Readonly<Record<string, (original: AnyMethod) => AnyMethod>> = {
    getFromCache: this.wrap(
      ([options]) => ({ operation: 'get', ...this.keyOf(options as CachedResult) }),
      (saved, [options]) => this.found(saved as CachedResult | undefined, options as CachedResult),
    ),
    storeInCache: this.wrap(
      ([options]) => ({ operation: 'set', ...this.keyOf(options as CachedResult) }),
      () => ({ outcome: 'set' }),
    ),
    remove: this.wrap(
      ([identifiers]) => {
        const ids = identifiers as readonly string[];
        return { operation: 'del', ...this.keyOf({ identifier: ids[0] ?? '' }), keys: ids.length };
      },
      () => ({ outcome: 'delete' }),
    ),
    clear: this.wrap(
      () => ({ operation: 'clear', pattern: '', key: 0, keys: 0 }),
      () => ({ outcome: 'delete' }),
    ),
  };

  constructor(
    private readonly dataSource: DataSourceShape,
    private readonly cache: ResultCacheShape,
    private readonly channelOf: () => Channel | undefined,
  ) {
    this.tier =
      cache.queryResultCacheTable !== undefined
        ? 'database'
        : typeof cache.clientType === 'string'
          ? cache.clientType
          : 'provider';
  }

  private wrap(
    describe: (args: readonly unknown[]) => DescribedAccess,
    read: (result: unknown, args: readonly unknown[]) => SeenAccess,
  ): (original: AnyMethod) => AnyMethod {
    return (original) => {
      // An arrow function would not do: TypeORM calls these as methods.
      const open = (args: readonly unknown[]) => this.begin(() => describe(args));
      return function (this: unknown, ...args) {
        const access = open(args);
        if (access === undefined) return original.apply(this, args);
        return observeResult(
          access.run(() => original.apply(this, args)),
          (result) => {
            access.end(() => read(result, args));
          },
          (error) => {
            access.fail(error);
          },
        );
      };
    };
  }

  private begin(describe: () => DescribedAccess): ResultCacheAccess | undefined {
    let lens: Lens | undefined;
    try {
      const outlet = this.channelOf()?.pick();
      lens = outlet?.lens;
      const scope = lens?.sink.scope();
      if (outlet === undefined || lens === undefined || scope === undefined) return undefined;
      const isThrown = !this.ignoresErrors();
      return new ResultCacheAccess(
        lens,
        scope,
        `typeorm:${outlet.dataSource}`,
        this.tier,
        describe(),
        isThrown,
      );
    } catch (error) {
      lens?.failed('result cache', error);
      return undefined;
    }
  }

  private ignoresErrors(): boolean {
    const { cache } = this.dataSource.options as { readonly cache?: unknown };
    return typeof cache === 'object' && (cache as { ignoreErrors?: unknown } | null)?.ignoreErrors === true;
  }

  private found(saved: CachedResult | undefined, options: CachedResult): SeenAccess {
    const collision = this.collisionOf(saved?.query ?? options[COLLIDED], options);
    if (saved === undefined) return { outcome: 'miss', ...collision };
    const isOld = this.cache.isExpired(saved);
    const bytes = typeof saved.result === 'string' ? saved.result.length : undefined;
    return { outcome: isOld ? 'stale' : 'hit', found: isOld ? 0 : 1, ...(bytes && { bytes }), ...collision };
  }

  private collisionOf(
    found: string | undefined,
    { identifier, query: asked }: CachedResult,
  ): { readonly collision?: CacheCollision } {
    if (!identifier || found === undefined || asked === undefined || found === asked) return {};
    const [askedText, foundText] = [shownStatement(asked), shownStatement(found)];
    return {
      collision: {
        identifier: this.patterns.fold(identifier).pattern,
        asked: askedText,
        found: foundText,
        isSameStatement: askedText === foundText,
      },
    };
  }

  private keyOf({
    identifier,
    query = '',
    duration,
    result,
  }: CachedResult): Omit<DescribedAccess, 'operation'> {
    const folded = identifier
      ? this.patterns.fold(identifier)
      : { pattern: mainTable(query), digest: digestOf(query) };
    const ttlMs = Number(duration);
    return {
      pattern: folded.pattern,
      key: folded.digest,
      keys: 1,
      ...(ttlMs > 0 ? { ttlMs } : {}),
      ...(typeof result === 'string' ? { bytes: result.length } : {}),
    };
  }
}

/** Without its values and without its select list. */
function shownStatement(key: string): string {
  const end = key.lastIndexOf(VALUES);
  const text = redact(end < 0 ? key : key.slice(0, end));
  return cutText(text.replace(/^(SELECT) .*? (FROM)/i, '$1 … $2'), MAX_SHOWN);
}

/** Of a statement that has no identifier: what it reads. */
function mainTable(query: string): string {
  const [, name = 'statement'] = /\bFROM\s+(?:["`[]?[\w$]+["`\]]?\.)?["`[]?([\w$]+)/i.exec(query) ?? [];
  return `SELECT ${name}`;
}
