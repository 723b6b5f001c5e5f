import type { DataSource, ObjectLiteral } from 'typeorm';
import { repositoriesOf, type Declared, type Row } from './family.js';

/** How the relation of a list's parents is read, from a data source whose relations are `declared` so. */
export interface Way {
  readonly declared: Declared;
  readonly run: (row: Row, dataSource: DataSource) => Promise<unknown>;
}

const byQuery = { relationLoadStrategy: 'query' as const };

/** By the heading of the column in the table. */
export const ways: Readonly<Record<string, Way>> = {
  lazy: { declared: 'lazy', run: (row, dataSource) => readEach(row, dataSource) },
  'lazy, Promise.all': {
    declared: 'lazy',
    run: async (row, dataSource) => {
      const parents = await listOf(row, dataSource);
      await Promise.all(parents.map((parent) => readPath(parent, row.path.split('.'))));
    },
  },
  eager: { declared: 'eager', run: (row, dataSource) => readEach(row, dataSource) },
  'eager, query strategy': {
    declared: 'eager',
    run: (row, dataSource) => readEach(row, dataSource, byQuery),
  },
  'eager, asked for by query': {
    declared: 'eager',
    run: (row, dataSource) => readEach(row, dataSource, { relations: relationsOf(row.path), ...byQuery }),
  },
  join: {
    declared: 'plain',
    run: (row, dataSource) => readEach(row, dataSource, { relations: relationsOf(row.path) }),
  },
  query: {
    declared: 'plain',
    run: (row, dataSource) => readEach(row, dataSource, { relations: relationsOf(row.path), ...byQuery }),
  },
  'by hand': {
    declared: 'plain',
    run: async (row, dataSource) => {
      const of = repositoriesOf(dataSource);
      for (const parent of await listOf(row, dataSource)) await row.byHand(parent, of);
    },
  },
  'by hand, Promise.all': {
    declared: 'plain',
    run: async (row, dataSource) => {
      const of = repositoriesOf(dataSource);
      const parents = await listOf(row, dataSource);
      await Promise.all(parents.map((parent) => row.byHand(parent, of)));
    },
  },
};

/** By hand, for a list that loads its relations by the query strategy: what is advised then is that strategy. */
export async function byHandBesideQueries(row: Row, dataSource: DataSource): Promise<void> {
  const of = repositoriesOf(dataSource);
  for (const parent of await listOf(row, dataSource, byQuery)) await row.byHand(parent, of);
}

async function listOf(
  { parents, isParent = () => true }: Row,
  dataSource: DataSource,
  options: object = {},
): Promise<ObjectLiteral[]> {
  return (await dataSource.getRepository(parents).find(options)).filter(isParent);
}

/** One parent after another. */
async function readEach(row: Row, dataSource: DataSource, options: object = {}): Promise<void> {
  for (const parent of await listOf(row, dataSource, options)) await readPath(parent, row.path.split('.'));
}

/** `{ enrolments: { pupil: true } }` */
function relationsOf(path: string): object {
  return path.split('.').reduceRight<object | true>((below, name) => ({ [name]: below }), true) as object;
}

async function readPath(value: ObjectLiteral, [name, ...rest]: readonly string[]): Promise<void> {
  if (name === undefined) return;
  const read = (await value[name]) as ObjectLiteral | ObjectLiteral[] | null | undefined;
  for (const one of [read].flat()) if (one != null) await readPath(one, rest);
}
