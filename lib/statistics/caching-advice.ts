import type { Finding } from '../analysis/finding.js';
import type { AskedBy } from './read-inputs.js';
import type { RepeatedRead } from './repeated-read.js';

/**
 * The code that would have saved the reads, with a key of their own. `all` are the reads of the statement with whatever
 * values: what differs between them belongs into the key.
 */
export function cachingAdvice(
  group: readonly RepeatedRead[],
  all: readonly RepeatedRead[],
  ttlMs: number,
): Finding['advice'] {
  const [read] = group as [RepeatedRead];
  const variables = variablesOf(all);
  const key = keyOf(read, variables);
  const ttl = String(ttlMs);
  const ways = [
    ['the statement alone with TypeORM', 'the statement', ofTypeorm(read.askedBy, key, ttl)],
    [
      'what is made of it with cache.wrap()',
      'what is made of it',
      `cache.wrap(${key}, () => this.load(${variables.join(', ')}), ${ttl})`,
    ],
    [
      'the whole response with @CacheTTL()',
      'the whole response',
      group.some(isAnswer) ? `@UseInterceptors(CacheInterceptor) @CacheTTL(${ttl})` : undefined,
    ],
  ] as const;
  const open = ways.filter(([, , code]) => code !== undefined);
  return {
    text: `Cache it where rows that are a little old will do: ${listOf(open.map(([text]) => text))}. ${variables.length === 0 ? '' : 'The key names all that the rows depend on. '}Delete the entry where the tables are written to.`,
    code: open
      .flatMap(([, title, code], index) => [`// ${index === 0 ? '' : 'or '}${title}`, code])
      .join('\n'),
  };
}

/** Without its data source. */
export function plainName(table: string): string {
  return table.slice(table.indexOf('\n') + 1);
}

/** TypeORM caches finds and builders; nothing of a lazy relation, and no raw SQL. */
function ofTypeorm(askedBy: AskedBy, key: string, ttl: string): string | undefined {
  if (askedBy === 'relation') return undefined;
  if (askedBy === 'find') return `find({ ..., cache: { id: ${key}, milliseconds: ${ttl} } })`;
  return `.cache(${key}, ${ttl})${askedBy === 'builder' ? '' : ' // of a query builder: query() has no cache'}`;
}

/** Nest's interceptor caches answers to GET. */
function isAnswer({ routes }: RepeatedRead): boolean {
  return [...routes].some((route) => route.startsWith('GET '));
}

/**
 * What the rows depend on. A literal that was always the same is part of the statement; a parameter may be a constant of
 * the user's code, but a key without it would serve the rows of others where it is none.
 */
function variablesOf(all: readonly RepeatedRead[]): readonly string[] {
  const [{ inputs }] = all as [RepeatedRead];
  const names = inputs
    .filter(
      ({ isBound, value }, index) => isBound || all.some((other) => other.inputs[index]?.value !== value),
    )
    .map(({ name }) => name);
  return names.map((name, index) => {
    const before = names.slice(0, index).filter((other) => other === name).length;
    return before === 0 ? name : `${name}${String(before + 1)}`;
  });
}

/** The table and the method that asks for it, so that two statements never share a key: it would serve wrong rows. */
function keyOf({ tables, callSites }: RepeatedRead, variables: readonly string[]): string {
  const [table = 'rows'] = tables.map(plainName);
  const method = callSites[0]?.function.split('.').at(-1) ?? '';
  const parts = [table, ...(/^[a-z_$][\w$]*$/i.test(method) ? [method] : [])].join('.');
  if (variables.length === 0) return `'${parts.replace(/['\\]/g, '')}'`;
  return `\`${[parts.replace(/[`\\$]/g, ''), ...variables.map((name) => `\${${name}}`)].join(':')}\``;
}

function listOf(texts: readonly string[]): string {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')}, or ${String(texts.at(-1))}`;
}
