import type { CapturedStack } from './captured-stack.js';
import type { Places } from './places.js';
import type { PoolUse } from './pool-use.js';
import { PoolUseRecorder } from './pool-use-recorder.js';
import type { TransactionRecord } from './transaction-record.js';

/** What one running unit of work does with connections: its transactions, and what it asks of each pool. */
export class ConnectionRecords {
  /** Transactions that exceeded the maximum. */
  dropped = 0;
  private readonly transactions: { readonly record: TransactionRecord; readonly stack?: CapturedStack }[] =
    [];
  private readonly pools = new Map<string, PoolUseRecorder>();

  constructor(private readonly maxTransactions: number) {}

  addTransaction(record: TransactionRecord, stack?: CapturedStack): void {
    if (this.transactions.length >= this.maxTransactions) this.dropped++;
    else this.transactions.push({ record, stack });
  }

  /** What the unit asks of one pool: as many as there are data sources, two of each. */
  poolUse(dataSource: string, server: PoolUse['server']): PoolUseRecorder {
    const key = `${server} ${dataSource}`;
    let use = this.pools.get(key);
    if (use === undefined) {
      use = new PoolUseRecorder({ dataSource, server });
      this.pools.set(key, use);
    }
    return use;
  }

  /** Records that are kept. */
  get size(): number {
    let { length } = this.transactions;
    for (const { size } of this.pools.values()) length += size;
    return length;
  }

  finish(places: Places<CapturedStack>): {
    readonly transactions: readonly TransactionRecord[];
    readonly pools: readonly PoolUse[];
  } {
    const transactions = this.transactions.map(({ record, stack }) => places.locate(record, stack));
    return {
      transactions: transactions.sort((a, b) => a.startMs - b.startMs),
      pools: [...this.pools.values()].map((use) => use.finish((stack) => places.find(stack))),
    };
  }
}
