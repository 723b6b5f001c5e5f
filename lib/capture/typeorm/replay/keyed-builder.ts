import { sameValue } from '../../../investigation/loading/same-value.js';
import { isKey } from './call-by-keys.js';
import type { ReplayBuilderShape } from './replay-shapes.js';
import { ReplayStopped } from './replay-runner.js';

/** Calls of a loop as one builder. */
export interface KeyedBuilder {
  /** A copy of the first call that asks for the keys of all calls. */
  readonly builder: ReplayBuilderShape;
  /** What the keys are compared with: `book.authorId`. */
  readonly column: string;
  /** The key of each call. */
  readonly keys: readonly unknown[];
}

/**
 * The one builder of calls that differ in nothing but the one value of `column = :parameter`: it has the list of these
 * values instead, and everything else as it was.
 *
 * @throws ReplayStopped where they differ in anything else
 */
export function keyedBuilder(calls: readonly ReplayBuilderShape[]): KeyedBuilder {
  const [first] = calls;
  if (first === undefined) throw new ReplayStopped('there is no call to run');
  const text = first.getQuery();
  if (calls.some((call) => call.getQuery() !== text))
    throw new ReplayStopped('the calls of the loop differ in more than their key');
  const all = calls.map((call) => call.getParameters());
  const [own = {}] = all;
  const differing = Object.keys(own).filter((name) =>
    all.some((other) => !sameValue(own[name], other[name])),
  );
  const [name, another] = differing;
  if (name === undefined || another !== undefined)
    throw new ReplayStopped('the calls of the loop differ in more than one value, or in none');
  const keys = all.map((parameters) => parameters[name]);
  if (!keys.every(isKey)) throw new ReplayStopped('the keys of the loop are no plain values');
  if ((text.match(new RegExp(`:(\\.\\.\\.)?${name}\\b`, 'g')) ?? []).length !== 1)
    throw new ReplayStopped('the key of the loop stands in more than one condition');
  const builder = first.clone();
  const columns = replaceKey(builder, name);
  const [column] = columns;
  if (column === undefined || columns.length > 1)
    throw new ReplayStopped('the key of the loop is not compared with a column');
  builder.setParameter(name, [...new Set(keys)]);
  return { builder, column, keys };
}

/** A condition as TypeORM keeps it: text, a comparison, or a list of conditions. */
type Condition = string | Where[] | { operator: string; parameters?: string[]; condition?: Condition };
interface Where {
  readonly type: string;
  readonly condition: Condition;
}

/** `column = :name` becomes `column IN (:...name)`; the columns that were compared so. */
function replaceKey(builder: ReplayBuilderShape, name: string): readonly string[] {
  const map = builder.expressionMap as unknown as { wheres: readonly Where[] };
  const columns: string[] = [];
  const compared = new RegExp(`(?<![\\w.$])([A-Za-z_]\\w*(?:\\.\\w+)+)\\s*=\\s*:${name}\\b`);
  const replaced = (condition: Condition): Condition => {
    if (typeof condition === 'string')
      return condition.replace(compared, (_, column: string) => {
        columns.push(column);
        return `${column} IN (:...${name})`;
      });
    if (Array.isArray(condition)) return condition.map(inWhere);
    const { operator, parameters = [] } = condition;
    const [column = ''] = parameters;
    if (operator === 'equal' && parameters[1] === `:${name}`) {
      columns.push(column);
      return { operator: 'in', parameters: [column, `:...${name}`] };
    }
    return operator === 'brackets' && condition.condition !== undefined
      ? { ...condition, condition: replaced(condition.condition) }
      : condition;
  };
  const inWhere = (where: Where): Where => ({ ...where, condition: replaced(where.condition) });
  map.wheres = map.wheres.map(inWhere);
  return columns;
}

/**
 * The builder where its rows can be told apart by the key.
 *
 * @throws ReplayStopped where it reads a page of each key, or does not select the key
 */
export function togetherBuilder({ builder, column }: KeyedBuilder): ReplayBuilderShape {
  const { mainAlias, selects, groupBys = [], limit, offset, skip, take } = builder.expressionMap;
  if ((offset ?? skip ?? 0) > 0 || (limit ?? take ?? 1) !== 1)
    throw new ReplayStopped('each call of the loop reads a page');
  if (groupBys.length > 0) throw new ReplayStopped('it groups its rows already');
  const alias = mainAlias?.name ?? '';
  const isSelected = selects.some(({ selection }) => selection === alias || selection === column);
  if (!column.startsWith(`${alias}.`) || !isSelected)
    throw new ReplayStopped('its rows do not say whose they are: the key is not among what it selects');
  return builder.take(undefined).limit(undefined);
}
