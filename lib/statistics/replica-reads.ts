import type { AnalysedUnit } from '../analysis/detector.js';
import type { CallSite } from '../record/call-site.js';
import { cutText } from '../record/cut-text.js';
import { addCallSite } from './add-call-site.js';
import { BoundedMap } from './bounded-map.js';
import { replicaReads, type ReplicaConcern, type ReplicaRead } from './replica-read.js';
import { MAX_TEXT_LENGTH } from './statistics-limits.js';

/** Statements of a route that are remembered for the server they went to. */
export const MAX_REPLICA_READS = 500;
const MAX_DATA_SOURCES = 100;

/** One statement shape of one route that went to a server worth a word. */
export class ReplicaReadStatistics {
  count = 0;
  lastSeen = 0;
  readonly callSites: CallSite[] = [];
  readonly statement: string;

  constructor(
    readonly of: {
      readonly concern: ReplicaConcern;
      readonly dataSource: string;
      readonly route: string;
      readonly fingerprint: string;
      readonly statement: string;
      readonly table?: string;
    },
  ) {
    this.statement = cutText(of.statement, MAX_TEXT_LENGTH);
  }

  add(site: CallSite | undefined, at: number): void {
    this.count++;
    this.lastSeen = Math.max(this.lastSeen, at);
    addCallSite(this.callSites, site);
  }

  merge(other: ReplicaReadStatistics): void {
    this.count += other.count;
    this.lastSeen = Math.max(this.lastSeen, other.lastSeen);
    for (const site of other.callSites) addCallSite(this.callSites, site);
  }
}

/** Reads of one data source, by the server that answered them. */
export class ServerReads {
  primary = 0;
  replica = 0;
  lastSeen = 0;

  constructor(readonly dataSource: string) {}

  merge(other: ServerReads): void {
    this.primary += other.primary;
    this.replica += other.replica;
    this.lastSeen = Math.max(this.lastSeen, other.lastSeen);
  }
}

/** Which reads went to the primary and which to replicas, where replication is configured. */
export class ReplicaReads {
  readonly reads = new BoundedMap<ServerReads>(MAX_DATA_SOURCES);
  readonly places = new BoundedMap<ReplicaReadStatistics>(MAX_REPLICA_READS);

  add(unit: AnalysedUnit): void {
    for (const read of replicaReads(unit)) this.addRead(read, unit);
  }

  merge(other: ReplicaReads): void {
    const into = <Entry extends { merge(other: Entry): void }>(entry: Entry, from: Entry): void => {
      entry.merge(from);
    };
    this.reads.merge(other.reads, ({ dataSource }) => new ServerReads(dataSource), into);
    this.places.merge(other.places, (like) => new ReplicaReadStatistics(like.of), into);
  }

  clear(): void {
    this.reads.clear();
    this.places.clear();
  }

  private addRead({ query, server, concern, table }: ReplicaRead, { unit }: AnalysedUnit): void {
    const { record, statement } = query;
    const { dataSource } = record;
    const reads = this.reads.touch(dataSource, () => new ServerReads(dataSource));
    reads[server]++;
    reads.lastSeen = Math.max(reads.lastSeen, unit.startedAt);
    if (concern === undefined) return;
    const { fingerprint, text } = statement;
    const of = { concern, dataSource, route: unit.name, fingerprint, statement: text };
    this.places
      .touch(
        [concern, dataSource, unit.name, fingerprint].join('\n'),
        () => new ReplicaReadStatistics({ ...of, ...(table === undefined ? {} : { table }) }),
      )
      .add(record.callSite, unit.startedAt);
  }
}
