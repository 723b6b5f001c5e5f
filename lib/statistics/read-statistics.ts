import type { CallSite } from '../record/call-site.js';
import type { EntityModel } from '../record/schema-model.js';
import { addCallSite } from './add-call-site.js';
import { ReadNodeStatistics } from './read-node-statistics.js';
import { MAX_ROUTES_PER_STATEMENT } from './statistics-limits.js';

/** What tells the loads of one call site from those of others. */
export interface ReadIdentity {
  readonly dataSource: string;
  /** Class of the root entity. */
  readonly entity: string;
  readonly isFind: boolean;
  /** Name of the root entity in the query. */
  readonly alias: string;
  readonly statement: { readonly fingerprint: string; readonly text: string };
}

/** One watched load, as far as it concerns the call site as a whole. */
export interface WatchedLoad {
  readonly route: string;
  readonly unit: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly isSaved: boolean;
  readonly entities: number;
  readonly callSite?: CallSite;
}

/** Paths of one call site. */
const MAX_NODES = 50;

/** What was read of the entities that one call site loads, over many units of work. */
export class ReadStatistics {
  loads = 0;
  units = 0;
  /** Loads of which an entity was saved or removed: they need what was loaded. */
  saved = 0;
  /** Root entities. */
  entities = 0;
  /** Milliseconds since the epoch. */
  firstSeen = Infinity;
  lastSeen = 0;
  /** In the order in which they were first seen. */
  readonly routes: string[] = [];
  readonly callSites: CallSite[] = [];
  /** By path, parents before children. */
  readonly nodes = new Map<string, ReadNodeStatistics>();
  /** What the metadata says of the classes on the paths. */
  readonly models = new Map<string, EntityModel>();
  private lastUnit = '';

  constructor(readonly identity: ReadIdentity) {}

  add({ route, unit, at, isSaved, entities, callSite }: WatchedLoad): void {
    this.loads++;
    this.entities += entities;
    if (isSaved) this.saved++;
    if (unit !== this.lastUnit) this.units++;
    this.lastUnit = unit;
    this.seen(at);
    this.addRoute(route);
    addCallSite(this.callSites, callSite);
  }

  node(like: ReadNodeStatistics['identity']): ReadNodeStatistics | undefined {
    const known = this.nodes.get(like.path);
    if (known !== undefined || this.nodes.size >= MAX_NODES) return known;
    const node = new ReadNodeStatistics(like);
    this.nodes.set(like.path, node);
    return node;
  }

  merge(other: ReadStatistics): void {
    this.loads += other.loads;
    this.units += other.units;
    this.saved += other.saved;
    this.entities += other.entities;
    this.seen(other.firstSeen);
    this.seen(other.lastSeen);
    for (const route of other.routes) this.addRoute(route);
    for (const site of other.callSites) addCallSite(this.callSites, site);
    for (const node of other.nodes.values()) this.node(node.identity)?.merge(node);
    for (const [name, model] of other.models) this.models.set(name, model);
  }

  private addRoute(route: string): void {
    if (!this.routes.includes(route) && this.routes.length < MAX_ROUTES_PER_STATEMENT)
      this.routes.push(route);
  }

  private seen(at: number): void {
    this.firstSeen = Math.min(this.firstSeen, at);
    this.lastSeen = Math.max(this.lastSeen, at);
  }
}
