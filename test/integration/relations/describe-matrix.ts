import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource, DataSourceOptions, DefaultNamingStrategy } from 'typeorm';
import { describeOn, type TestDatabase } from '../../databases.js';
import { ObservedUnits } from '../scenarios/observed-units.js';
import { SnakeNaming } from '../snake-naming.js';
import { expectedTable } from './expected-cells.js';
import { families, renamedFamilies } from './families.js';
import type { Declared, Family, MakeFamily, Row } from './family.js';
import { measuredCell, reportedRows } from './measured-cell.js';
import { StatementCounter } from './statement-counter.js';
import { byHandBesideQueries, ways } from './ways.js';

/** What a group of families is opened with. */
interface Group {
  readonly families: readonly MakeFamily[];
  readonly namingStrategy?: DefaultNamingStrategy;
}

type MakeDataSource = (options: DataSourceOptions) => DataSource;

const groups: readonly Group[] = [
  { families },
  { families: renamedFamilies, namingStrategy: new SnakeNaming() },
];
const declarations: readonly Declared[] = ['plain', 'lazy', 'eager'];
const table = expectedTable();

/** Every cell of `relation-matrix.md`, with one version of TypeORM. */
export function describeMatrix(version: '1.1' | '0.3', make: MakeDataSource): void {
  it('has a row for each relation, and a column for each way', () => {
    const made = groups.flatMap((group) =>
      group.families.map((family) => family(optionsOf('plain', 'sqlite'))),
    );
    expect(table.rows.map(({ title }) => title).sort()).toEqual(
      made.flatMap(({ rows }) => Object.keys(rows)).sort(),
    );
    expect(table.ways).toEqual(Object.keys(ways));
    expect(table.footnotes.used).toEqual(table.footnotes.explained);
  });

  describeOn(['sqljs', 'pglite', 'postgres', 'mysql'], (database) => {
    for (const group of groups) {
      const tables = new SharedTables(database, group, make);
      for (const declared of declarations) describeDeclared(version, declared, database, group, tables);
    }
  });
}

function describeDeclared(
  version: string,
  declared: Declared,
  database: TestDatabase,
  group: Group,
  tables: SharedTables,
): void {
  const made = group.families.map((family) => family(optionsOf(declared, database.dialect)));
  const cells = cellsOf(version, declared, database, made);
  const counter = new StatementCounter();
  const bareFailures = new Map<Cell, string>();
  let units: ObservedUnits;

  describe(`${group.namingStrategy === undefined ? '' : 'renamed, '}declared ${declared}`, () => {
    beforeAll(async () => {
      const dataSource = await tables.open(declared, made, counter);
      for (const cell of cells.filter(({ expected }) => expected === 'fails'))
        await cell.run(dataSource).catch((error: unknown) => bareFailures.set(cell, String(error)));
      units = new ObservedUnits(dataSource);
    });
    afterAll(async () => {
      units.stop();
      await units.dataSource.destroy();
      expect(units.failures).toEqual([]);
    });

    it.each(cells.map((cell) => [cell.title, cell] as const))('%s', async (_, cell) => {
      const { expected, relations } = cell;
      const work = () => cell.run(units.dataSource);
      counter.statements = 0;
      if (expected === 'fails') {
        await units.run(work);
        expect(bareFailures.get(cell)).toBe(String(units.failure));
      } else {
        expect(await measuredCell(units, work, relations)).toBe(expected);
        expect(counter.statements).toBe(Number.parseInt(expected));
      }
    });

    for (const { title, choice, relations, loop, after } of followedCells(cells))
      it(`${title}, ${choice}: comes to the figures that the loop's verdict expects`, async () => {
        const before = await reportedRows(units, () => loop(units.dataSource));
        const followed = await reportedRows(units, () => after.run(units.dataSource));
        for (const relation of relations) {
          const looped = before.find((row) => row.relation === relation && row.verdict.choice === choice);
          const row = followed.find((one) => one.relation === relation && one.strategy === choice);
          const { statements = NaN, rows = NaN } = looped?.verdict.expected ?? {};
          // Nobody asks by hand for what a null key refers to, or for what only some classes of a list have.
          if (looped?.parents === row?.parents)
            expect({ statements, rows }).toEqual({ statements: row?.statements, rows: row?.rows });
          else {
            expect(statements).toBeLessThanOrEqual(row?.statements ?? 0);
            expect(rows).toBeLessThanOrEqual(row?.rows ?? 0);
          }
        }
      });
  });
}

/** What a loop's verdict expects of the join or the queries that it advises, against those. */
interface Followed {
  readonly title: string;
  readonly choice: 'join' | 'query';
  readonly relations: readonly string[];
  readonly loop: Cell['run'];
  readonly after: Cell;
}

function followedCells(cells: readonly Cell[]): readonly Followed[] {
  return cells.flatMap((after): readonly Followed[] => {
    const { row: title, relations } = after;
    const loop = cells.find(({ way, row }) => way === 'by hand' && row === title);
    if (loop === undefined || after.expected === 'fails') return [];
    if (after.way === 'join') return [{ title, choice: 'join', relations, loop: loop.run, after }];
    return after.way === 'query'
      ? [{ title, choice: 'query', relations, loop: after.besideQueries, after }]
      : [];
  });
}

interface Cell {
  readonly row: string;
  readonly way: string;
  readonly title: string;
  readonly relations: readonly string[];
  readonly expected: string;
  readonly run: (dataSource: DataSource) => Promise<unknown>;
  readonly besideQueries: (dataSource: DataSource) => Promise<unknown>;
}

/** Those that exist. */
function cellsOf(
  version: string,
  declared: Declared,
  database: TestDatabase,
  made: readonly Family[],
): readonly Cell[] {
  return table.rows.flatMap(({ title, relations, isOn, cell }) => {
    const row = rowOf(made, title);
    if (row === undefined || !isOn(database.name)) return [];
    return Object.entries(ways).flatMap(([name, way]) => {
      const expected = cell(name, version);
      return way.declared !== declared || expected === undefined
        ? []
        : [
            {
              row: title,
              way: name,
              title: `${title}, ${name}: ${expected}`,
              relations,
              expected,
              run: (from) => way.run(row, from),
              besideQueries: (from) => byHandBesideQueries(row, from),
            },
          ];
    });
  });
}

/** Tables that the three declarations of the same entities share: made and filled by the first. */
class SharedTables {
  /** sql.js keeps its tables in memory: the other data sources are opened on a copy. */
  private image: Uint8Array | undefined;

  constructor(
    private readonly database: TestDatabase,
    private readonly group: Group,
    private readonly make: MakeDataSource,
  ) {}

  async open(declared: Declared, made: readonly Family[], logger: StatementCounter): Promise<DataSource> {
    const { namingStrategy } = this.group;
    const options = this.database.options({
      entities: made.flatMap(({ entities }) => entities),
      logging: ['query'],
      logger,
      ...(namingStrategy === undefined ? {} : { namingStrategy }),
    });
    const image = this.image === undefined ? {} : { database: this.image };
    const dataSource = await this.make({ ...options, ...image } as DataSourceOptions).initialize();
    if (declared === 'plain') await this.fill(dataSource, made);
    return dataSource;
  }

  private async fill(dataSource: DataSource, made: readonly Family[]): Promise<void> {
    if (this.database.dialect === 'postgres') {
      await dataSource.query('DROP SCHEMA IF EXISTS yard CASCADE');
      await dataSource.query('CREATE SCHEMA yard');
    }
    await dataSource.synchronize(true);
    for (const { fill } of made) await fill(dataSource.manager);
    if (this.database.name === 'sqljs')
      this.image = (dataSource.driver as unknown as { export(): Uint8Array }).export();
  }
}

function optionsOf(declared: Declared, dialect: TestDatabase['dialect']): Parameters<MakeFamily>[0] {
  return { declared, dialect, relation: declared === 'plain' ? {} : { [declared]: true } };
}

function rowOf(made: readonly Family[], title: string): Row | undefined {
  return made.map(({ rows }) => rows[title]).find((row) => row !== undefined);
}
