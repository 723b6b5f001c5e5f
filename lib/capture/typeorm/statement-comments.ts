import { appendComment } from '../../sql/append-comment.js';
import { dialectOf } from '../../sql/sql-dialect.js';
import { replaceMethod } from '../replace-method.js';

/** Servers that show the text of a statement to whoever looks at them, and take it apart from its comments. */
const COMMENTED: ReadonlySet<string> = new Set(['postgres', 'cockroachdb', 'mysql', 'mariadb']);

/** A statement that TypeORM is about to hand to the driver. */
interface Expected {
  readonly statement: string;
  readonly commented: string;
}

/** What statements wait for, of one query runner. */
export type ExpectedComments = Expected[];

/**
 * Puts comments into statements on the last step before the driver: loggers, subscribers, caches and errors of the host know
 * the text as it was written. Only a text that was passed to `query` alone is changed, never a named or prepared statement.
 */
export class StatementComments {
  private readonly expected = new WeakMap<object, ExpectedComments>();
  private readonly restores = new WeakMap<object, () => void>();
  private connections: WeakRef<object>[] = [];

  constructor(private readonly driver: string) {}

  /** Of the statement that starts now; answers how to forget it. Undefined where it gets no comment. */
  expect(
    expected: ExpectedComments,
    statement: string,
    tags: Readonly<Record<string, string>>,
  ): (() => void) | undefined {
    if (!COMMENTED.has(this.driver)) return undefined;
    const commented = appendComment(statement, tags, dialectOf(this.driver));
    if (commented === undefined) return undefined;
    const one = { statement, commented };
    expected.push(one);
    return () => {
      const index = expected.indexOf(one);
      if (index !== -1) expected.splice(index, 1);
    };
  }

  /** A runner has this connection from now on. */
  connected(connection: unknown, expected: ExpectedComments): void {
    if (typeof connection !== 'object' || connection === null || !COMMENTED.has(this.driver)) return;
    if (!this.expected.has(connection)) this.wrap(connection);
    this.expected.set(connection, expected);
  }

  undo(): void {
    for (const reference of this.connections.splice(0)) {
      const connection = reference.deref();
      if (connection !== undefined) this.restores.get(connection)?.();
    }
  }

  private wrap(connection: object): void {
    const { expected } = this;
    if (typeof (connection as { query?: unknown }).query !== 'function') return;
    const restore = replaceMethod(
      connection,
      'query',
      (original) =>
        function query(this: unknown, ...args) {
          return original.apply(this, withComment(args, expected.get(connection)));
        },
    );
    this.restores.set(connection, restore);
    this.connections = this.connections.filter((reference) => reference.deref() !== undefined);
    this.connections.push(new WeakRef(connection));
  }
}

/** The arguments of `query`, the text with its comment; TypeORM passes `{ sql, timeout }` to mysql2 where that is asked for. */
function withComment(args: unknown[], expected: ExpectedComments | undefined): unknown[] {
  if (expected === undefined || expected.length === 0) return args;
  const [first, ...rest] = args;
  if (typeof first === 'string') return [taken(first, expected) ?? first, ...rest];
  if (!isTimed(first)) return args;
  const sql = taken(first.sql, expected);
  return sql === undefined ? args : [{ ...first, sql }, ...rest];
}

/** Nothing else is in it: no name under which a statement is prepared. */
function isTimed(value: unknown): value is { readonly sql: string } {
  if (typeof value !== 'object' || value === null) return false;
  return (
    Object.keys(value).every((key) => key === 'sql' || key === 'timeout') &&
    typeof (value as { sql?: unknown }).sql === 'string'
  );
}

/** Equal texts take their comments in the order in which they started. */
function taken(statement: string, expected: ExpectedComments): string | undefined {
  const index = expected.findIndex((one) => one.statement === statement);
  return index === -1 ? undefined : expected.splice(index, 1)[0]?.commented;
}
