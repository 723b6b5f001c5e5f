import type { EntityLoadRecord, JoinRecord } from '../record/load-record.js';

/** Properties from the root entity to a relation, outermost first: `['books', 'reviews']`. */
export type RelationPathNames = readonly string[];

/** `{ books: { reviews: true }, agent: true }` for `['books', 'reviews']` and `['agent']`; `address.city` is two levels. */
export function relationsOption(paths: readonly RelationPathNames[]): string {
  return optionOf(paths.map((path) => path.flatMap((property) => property.split('.'))));
}

function optionOf(paths: readonly RelationPathNames[]): string {
  const heads = new Map<string, RelationPathNames[]>();
  for (const [head, ...below] of paths) {
    if (head === undefined) continue;
    const known = heads.get(head) ?? [];
    heads.set(head, below.length === 0 ? known : [...known, below]);
  }
  const branches = [...heads].map(
    ([head, below]) => `${head}: ${below.length === 0 ? 'true' : optionOf(below)}`,
  );
  return `{ ${branches.join(', ')} }`;
}

/** `authorRepository.find({ relations: { books: true } })`. */
export function findCode(
  root: string,
  paths: readonly RelationPathNames[],
  strategy: 'join' | 'query',
  method: 'find' | 'findOne' = 'find',
): string {
  const where = method === 'findOne' ? 'where: ..., ' : '';
  const option = strategy === 'query' ? `, relationLoadStrategy: 'query'` : '';
  return `${repositoryOf(root)}.${method}({ ${where}relations: ${relationsOption(paths)}${option} })`;
}

/** `.leftJoinAndSelect('author.books', 'books')`, one line for each relation on a path; `alias` is the query builder's own. */
export function joinCode(alias: string, paths: readonly RelationPathNames[]): string {
  const lines = paths.flatMap((path) =>
    path.map((property, index) => {
      const parent = index === 0 ? alias : aliasOf(path[index - 1] ?? '');
      return `.leftJoinAndSelect('${parent}.${property}', '${aliasOf(property)}')`;
    }),
  );
  return [...new Set(lines)].join('\n');
}

/** `city` for `address.city`. */
function aliasOf(property: string): string {
  return property.slice(property.lastIndexOf('.') + 1);
}

/** Relations that a load joined because it was asked to: what its `relations` option must keep. */
export function joinedPaths(load: EntityLoadRecord): readonly RelationPathNames[] {
  return load.joins.filter((join) => join.isSelected && !join.isEager).map((join) => pathOfJoin(load, join));
}

/** From the root entity of a load to a relation that it joins. */
export function pathOfJoin(load: EntityLoadRecord, join: JoinRecord): RelationPathNames {
  return [...pathToAlias(load, join.parentAlias), join.relation];
}

function pathToAlias(load: EntityLoadRecord, alias: string): RelationPathNames {
  const join = load.joins.find((candidate) => candidate.alias === alias);
  return join === undefined ? [] : pathOfJoin(load, join);
}

/** `authorRepository` for `Author`. */
export function repositoryOf(entity: string): string {
  return `${variableOf(entity)}Repository`;
}

/** `author` for `Author`. */
export function variableOf(entity: string): string {
  return entity.charAt(0).toLowerCase() + entity.slice(1);
}

/** `authors` for `Author`, `entries` for `Entry`: a name for several of them. */
export function listOf(entity: string): string {
  const name = variableOf(entity);
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return /(s|x|z|ch|sh)$/.test(name) ? `${name}es` : `${name}s`;
}
