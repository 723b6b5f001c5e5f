/** What a pool of connections says of itself at one moment. Counts of connections and requests. */
export interface PoolGauge {
  /** `primary` where replication is not configured. */
  readonly server: 'primary' | 'replica';
  /** `primary`, `replica 1`, `replica 2`: in the order of the data source's options. */
  readonly name: string;
  /** Connections that it may open; 0: as many as are asked for. */
  readonly size: number;
  /** Connections that are open or being opened. */
  readonly open: number;
  /** Open, free, and promised to nobody. */
  readonly idle: number;
  /** Open and handed out, or being opened. */
  readonly inUse: number;
  /** Requests for a connection that no free connection can serve. */
  readonly waiting: number;
}

/** Whether the next request would have to wait for somebody else's connection. */
export function isPoolFull({ size, open, idle }: PoolGauge): boolean {
  return size > 0 && open >= size && idle === 0;
}
