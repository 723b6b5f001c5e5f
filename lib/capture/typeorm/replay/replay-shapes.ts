import type { BatchedDataSourceShape, ShareBuilderShape } from '../batching/batched-shapes.js';
import type { DataSourceShape, ExpressionMapShape, SelectQueryBuilderShape } from '../typeorm-shapes.js';

/** The part of TypeORM's objects that running a load again needs, the same in 0.3.10 and 1.x. */

/** Options of a `find*`, as far as a replay changes them. */
export interface FindOptionsShape {
  readonly where?: unknown;
  readonly select?: unknown;
  /** Up to 0.3 also a list of paths. */
  readonly relations?: object | readonly string[];
  readonly relationLoadStrategy?: 'join' | 'query';
  readonly loadEagerRelations?: boolean;
  readonly take?: number;
  readonly skip?: number;
  readonly lock?: unknown;
  readonly cache?: unknown;
}

/** What a query builder was told, and may be told anew. */
interface WritableExpressionMap extends ExpressionMapShape {
  readonly lockMode?: unknown;
  /** `beforeLoad`-like hooks of the application. */
  callListeners: boolean;
  readonly groupBys?: readonly string[];
  /** What it sorts by, or else the class does: by column the direction, or that and where nulls come. */
  readonly allOrderBys?: object;
}

/** A builder of a SELECT. */
export interface ReplayBuilderShape extends SelectQueryBuilderShape {
  readonly expressionMap: WritableExpressionMap;
  readonly findOptions?: FindOptionsShape;
  /** Relations that the `query` strategy loads with statements of their own. */
  readonly relationMetadatas?: readonly { readonly propertyPath: string }[];
  clone(): this;
  setQueryRunner(queryRunner: object): this;
  setFindOptions(options: object): this;
  cache(isOn: boolean): this;
  select(selection: string, alias?: string): this;
  addSelect(selection: string, alias: string): this;
  from(target: unknown, alias: string): this;
  leftJoinAndSelect(property: string, alias: string): this;
  innerJoin(subquery: string, alias: string, condition: string): this;
  withDeleted(): this;
  orderBy(column?: string): this;
  groupBy(expression: string): this;
  skip(rows: number | undefined): this;
  take(rows: number | undefined): this;
  limit(rows: number | undefined): this;
  offset(rows: number | undefined): this;
  getQuery(): string;
  getParameters(): Readonly<Record<string, unknown>>;
  setParameter(name: string, value: unknown): this;
  setParameters(values: object): this;
  getMany(): Promise<object[]>;
  getRawMany<T>(): Promise<T[]>;
  getCount(): Promise<number>;
  getExists(): Promise<boolean>;
}

/** A data source whose loads are run again. */
export interface ReplayDataSourceShape
  extends Omit<BatchedDataSourceShape, 'createQueryBuilder'>, Pick<DataSourceShape, 'options' | 'manager'> {
  createQueryBuilder(queryRunner?: unknown): ReplayBuilderShape & ShareBuilderShape;
}
