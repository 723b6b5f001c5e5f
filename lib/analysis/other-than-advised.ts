import type { EntityLoadRecord, JoinRecord } from '../record/load-record.js';
import { childKey } from './advice/child-key.js';
import { keysCode, mapKey } from './advice/keys-code.js';
import { relationLoaderCode } from './advice/loader-code.js';
import type { AnalysedUnit } from './detector.js';
import type { Advice } from './finding.js';
import { listCall, withRelations } from './list-call.js';
import { isByHand, pathsBelow } from './paths-below.js';
import { listOf } from './relation-code.js';
import type { RelationLoad } from './relation-load.js';

/** What to write where the usual advice was tried and did not help. */
type OtherAdvice = Pick<Advice, 'text' | 'code' | 'choice'>;

/** For all parents by the `query` strategy of their find. */
export function byQuery(load: RelationLoad, unit: AnalysedUnit): OtherAdvice {
  const list = listCall(load, unit);
  const path = [...unit.batches.path(load.parentBatch), load.property ?? ''];
  const below = pathsBelow(load, unit).map((names) => [...path, ...names]);
  return {
    text: `Load ${load.relation} for all parents with one statement of its own.`,
    ...(list === undefined ? {} : { code: withRelations(list, [path, ...below], 'query') }),
    choice: 'query',
  };
}

/** For all parents beside their list. Undefined where no line of code does that. */
export function besideTheList(load: RelationLoad, unit: AnalysedUnit): OtherAdvice | undefined {
  const schema = unit.schemas.get(load.dataSource);
  const { relation, entity = '', property = '' } = load;
  const text = `Load ${relation} for all parents with one statement beside their list`;
  if (isByHand(load)) {
    const key = childKey(load, schema);
    if (key === undefined) return undefined;
    const code = keysCode(load, key, unit);
    return { text: `${text}, then pick them from a Map by ${mapKey(key)}.`, code, choice: 'batch' };
  }
  const loader = relationLoaderCode(load, schema, []);
  if (loader === undefined) return undefined;
  const isLazy = load.strategy === 'lazy';
  return {
    text: `${text}: ${FROM_GRAPHQL}.${isLazy ? ' @AutoBatch() on the handler does it for lazy relations as they stand.' : ''}`,
    code: `const ${property} = await ${loader}.loadMany(${listOf(entity)})`,
    choice: 'batch',
  };
}

/** Collections of a load beside it instead of joined. Undefined where no line of code does that. */
export function loadersBeside(
  load: EntityLoadRecord,
  joins: readonly JoinRecord[],
  unit: AnalysedUnit,
): OtherAdvice | undefined {
  const schema = unit.schemas.get(load.dataSource);
  const lines: string[] = [];
  for (const { entity, relation, parentAlias, alias } of joins) {
    const loader = relationLoaderCode({ entity, property: relation, isFirstRows: false }, schema, []);
    if (loader === undefined) return undefined;
    if (!load.isFind) lines.push(`// without .leftJoinAndSelect('${parentAlias}.${relation}', '${alias}')`);
    lines.push(`const ${relation} = await ${loader}.loadMany(${listOf(entity)})`);
  }
  const names = joins.map(({ entity, relation }) => `${entity}.${relation}`).join(' and ');
  const from = load.isFind ? 'relations' : 'the query';
  return {
    text: `Take ${names} out of ${from}, and load ${joins.length === 1 ? 'it' : 'each'} for all parents with one statement: ${FROM_GRAPHQL}.`,
    code: lines.join('\n'),
    choice: 'batch',
  };
}

const FROM_GRAPHQL = "createRelationLoader() comes from 'nestjs-query-lens/graphql'";
