import { unseenCall, withRelations } from '../analysis/list-call.js';
import { repositoryOf } from '../analysis/relation-code.js';
import { rootOf, type Choice, type JudgedRelation } from './judged-relation.js';

/** Rows of a page, in advice. */
const PAGE = 100;

/** The line of TypeORM to write. What one find can hold stands in one find, since its strategy is for all its relations. */
export function verdictCode(choice: Choice, all: readonly Choice[]): string | undefined {
  switch (choice.ground) {
    case 'together':
    case 'cartesian':
      return loadTogether(choice, all.filter(isLoadedTogether));
    case 'wrong':
      return loadTogether(choice, [choice]);
    case 'huge':
      return pageCode(choice.relation);
    default:
      return choice.finding?.advice.code;
  }
}

function isLoadedTogether({ ground }: Choice): boolean {
  return ground === 'together' || ground === 'cartesian';
}

function loadTogether({ relation }: Choice, all: readonly Choice[]): string {
  const root = rootOf(relation);
  const same = all.filter((other) => rootOf(other.relation) === root);
  const paths = same.flatMap((other) => pathsOf(other.relation));
  const strategy = same.some(({ choice }) => choice === 'query') ? 'query' : 'join';
  return withRelations(relation.origin?.list ?? unseenCall(root), paths, strategy);
}

/** From the list to the relation, and to those below it that were read with it. */
function pathsOf({ origin, property }: JudgedRelation): readonly (readonly string[])[] {
  const path = [...(origin?.list === undefined ? [] : origin.path), property ?? ''];
  return [path, ...(origin?.below ?? []).map((names) => [...path, ...names])];
}

function pageCode({ target, inverse }: JudgedRelation): string {
  const where = inverse === undefined ? '...' : `where: { ${inverse}: { id } }`;
  const repository = target === undefined ? 'repository' : repositoryOf(target);
  return `${repository}.find({ ${where}, order: { id: 'ASC' }, take: ${PAGE} })`;
}
