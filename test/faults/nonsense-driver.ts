import type { DataSource } from 'typeorm';

const thrower = (): never => {
  throw new Error('do not look at me');
};

/** A list that throws whatever it is asked, but that it is no promise. */
const closed = new Proxy([], {
  get: (_, property) => (property === 'then' ? undefined : thrower()),
  has: thrower,
  ownKeys: thrower,
  getOwnPropertyDescriptor: thrower,
  getPrototypeOf: thrower,
});

const circular: Record<string, unknown> = { id: 1 };
circular['self'] = circular;

/** What a driver, or somebody who wrapped it, may answer. */
export const nonsense: Readonly<Record<string, unknown>> = {
  nothing: undefined,
  null: null,
  number: 5,
  text: 'rows',
  symbol: Symbol('rows'),
  frozen: Object.freeze([Object.freeze({ id: 1 }), Object.freeze({ id: 2 })]),
  closed,
  closedRows: [closed, closed],
  getters: [
    {
      get id(): number {
        return thrower();
      },
    },
    { id: 2 },
  ],
  bare: [Object.assign(Object.create(null) as object, { id: 1 }), Object.create(null)],
  holes: [undefined, null, 5, 'row'],
  endless: { length: 1e9 },
  sparse: new Array(1e6),
  circular: [circular, circular],
  function: thrower,
};

/** Lets the driver answer `SELECT nonsense '<kind>'` with nonsense. Below QueryLens: before it wraps the class. */
export function answerNonsense(dataSource: DataSource): () => void {
  const prototype = Object.getPrototypeOf(dataSource.createQueryRunner()) as {
    query: (statement: string, ...rest: unknown[]) => Promise<unknown>;
  };
  const { query } = prototype;
  prototype.query = function (statement, ...rest) {
    const kind = /^SELECT nonsense '(\w+)'$/.exec(statement)?.[1];
    return kind === undefined ? query.call(this, statement, ...rest) : Promise.resolve(nonsense[kind]);
  };
  return () => {
    prototype.query = query;
  };
}
