import type { AnalysedUnit } from '../detector.js';
import { pathsBelow } from '../paths-below.js';
import { relationsOption, repositoryOf, variableOf } from '../relation-code.js';
import type { RelationLoad } from '../relation-load.js';
import { findByKeys, keysName, readKey, whereKeys, type ChildKey } from './child-key.js';

/** One call for all keys. What the repeated call loads beside its main entity, the one call must load as well. */
export function keysCode(load: RelationLoad, key: ChildKey, unit: AnalysedUnit): string {
  const call = unit.tree.outermost(load.queries[0]?.record.load);
  const paths = pathsBelow(load, unit);
  const isFiltered = load.isFiltered === true;
  if (paths.length === 0 && !isFiltered) return findByKeys(key, keysName(key));
  const where = whereKeys(key, `In(${keysName(key)})`);
  const options = [
    `where: ${isFiltered ? where.replace(/ }$/, ', ... }') : where}`,
    ...(paths.length === 0 ? [] : [`relations: ${relationsOption(paths)}`]),
    ...(call?.kind === 'entities' && call.relationLoadStrategy === 'query'
      ? [`relationLoadStrategy: 'query'`]
      : []),
  ];
  return `${repositoryOf(key.target)}.find({ ${options.join(', ')} })`;
}

/** By what the rows are told apart: `book.authorId`. */
export function mapKey(key: ChildKey | undefined): string {
  return key === undefined ? 'its key' : readKey(variableOf(key.target), key);
}
