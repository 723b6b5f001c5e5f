import { In } from 'typeorm';
import type { Replay } from '../../../record/replay.js';
import { sameValue } from '../../../investigation/loading/same-value.js';
import { isPlainObject } from '../find-options.js';
import type { RecordedLoad } from './recorded-load.js';
import type { FindOptionsShape } from './replay-shapes.js';
import { ReplayStopped } from './replay-runner.js';

type RecordedFind = Extract<RecordedLoad, { kind: 'find' }>;

/**
 * The calls of a loop as one: the same find with the list of the values by which they differ.
 *
 * @throws ReplayStopped where they differ in more than one value
 */
export function callByKeys(calls: readonly Replay[]): RecordedFind {
  const finds = (calls as readonly RecordedLoad[]).filter(
    (call): call is RecordedFind => call.kind === 'find',
  );
  const [first] = finds;
  if (first === undefined || finds.length < calls.length)
    throw new ReplayStopped(
      'the calls of the loop are query builders: their keys cannot be put into one list',
    );
  const { options } = first;
  if (
    finds.some(
      ({ target, options: other }) => target !== first.target || !sameValue(rest(options), rest(other)),
    )
  )
    throw new ReplayStopped('the calls of the loop differ in more than their key');
  if (options.skip !== undefined || (options.take ?? 1) !== 1)
    throw new ReplayStopped('each call of the loop reads a page');
  const leaves = finds.map(({ options: { where } }) => leavesOf(where, []));
  const { take: _one, where, ...others } = options;
  return { ...first, options: { ...others, where: withKeys(where, leaves) } };
}

/** Of equal calls: what is not their condition. */
function rest({ where: _where, ...others }: FindOptionsShape): object {
  return others;
}

interface Leaf {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** Conditions on columns, by property path. */
function leavesOf(where: unknown, path: readonly string[]): readonly Leaf[] {
  if (!isPlainObject(where)) return [{ path, value: where }];
  return Object.entries(where as object)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) => leavesOf(value, [...path, name]));
}

function withKeys(where: unknown, calls: readonly (readonly Leaf[])[]): unknown {
  const [first = []] = calls;
  const differing = first.filter(({ path, value }, at) =>
    calls.some((leaves) => {
      const other = leaves[at];
      if (leaves.length !== first.length || other?.path.join('.') !== path.join('.'))
        throw new ReplayStopped('the calls of the loop have different conditions');
      return !sameValue(value, other.value);
    }),
  );
  const [key, another] = differing;
  if (key === undefined || another !== undefined || key.path.length === 0)
    throw new ReplayStopped('the calls of the loop differ in more than one value, or in none');
  const at = first.indexOf(key);
  const values = new Set(calls.map((leaves) => leaves[at]?.value));
  for (const value of values)
    if (!isKey(value)) throw new ReplayStopped('the keys of the loop are no plain values');
  return replaced(where, key.path, In([...values]));
}

/** A value that may stand in a list of keys, and tells rows apart as text. */
export function isKey(value: unknown): boolean {
  return ['string', 'number', 'bigint'].includes(typeof value);
}

function replaced(where: unknown, [head, ...below]: readonly string[], value: unknown): unknown {
  if (head === undefined) return value;
  const own = where as Readonly<Record<string, unknown>>;
  return { ...own, [head]: replaced(own[head], below, value) };
}
