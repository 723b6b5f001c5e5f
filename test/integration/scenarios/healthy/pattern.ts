import type { DataSource, EntityTarget, ObjectLiteral, Repository } from 'typeorm';

/** What a pattern runs on. */
export interface Shop {
  readonly dataSource: DataSource;
  readonly of: <T extends ObjectLiteral>(entity: EntityTarget<T>) => Repository<T>;
  /** `$1` or `?`. */
  readonly mark: (index: number) => string;
  /** A quoted name. */
  readonly quoted: (name: string) => string;
}

/** One way of working with a database that nobody should be told off for. */
export type Pattern = (shop: Shop) => Promise<unknown>;

/** By what they are. */
export type Patterns = Readonly<Record<string, Pattern>>;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** From 1. */
export const numbers = (count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => index + 1);
