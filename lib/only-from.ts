import type { UnitOfWork } from './record/unit-of-work.js';

/** The unit without the records of data sources that are not asked for. */
export function onlyFrom(unit: UnitOfWork, dataSources: readonly string[] | undefined): UnitOfWork {
  if (dataSources === undefined) return unit;
  const isWanted = ({ dataSource }: { readonly dataSource: string }) => dataSources.includes(dataSource);
  return {
    ...unit,
    queries: unit.queries.filter(isWanted),
    loads: unit.loads.filter(isWanted),
    transactions: unit.transactions.filter(isWanted),
    pools: unit.pools.filter(isWanted),
  };
}
