import type { ColumnRead, EntityReads, NodeRead, ReadWatch } from '../../../record/entity-reads.js';
import type { EntityMetadataShape, RelationMetadataShape } from '../typeorm-shapes.js';
import { byteSize } from './byte-size.js';
import { NodeReads, type Reader } from './node-reads.js';
import { pickEvenly } from './pick-evenly.js';
import { concreteMetadata, type PropertyKind, type PropertyKinds } from './property-kinds.js';
import { TrackedEntity } from './tracked-entity.js';

/** Root entities of a load that are watched, and all its entities together. */
const MAX_ROOTS = 50;
const MAX_ENTITIES = 500;
/** Relations of a load that are followed. */
const MAX_NODES = 40;
/** Entities whose unread columns are measured. */
const MAX_MEASURED = 10;
/** Objects looked at to find entities in what a unit of work returned. */
const MAX_RETURNED = 200;
/** Values looked at inside of one of them. */
const MAX_VALUES = 50;
/** Children of one relation that are counted. */
const MAX_CHILDREN = 10_000;

interface Node {
  readonly path: string;
  readonly metadata: EntityMetadataShape;
  readonly reads: NodeReads;
  /** What led here, and the property that holds it. */
  readonly from?: { readonly parent: Node; readonly key: string; readonly relation: RelationMetadataShape };
  readonly rows: number;
  readonly tracked: TrackedEntity[];
}

/** What a load was, as far as watching it needs. */
export interface WatchedLoad {
  readonly id: number;
  readonly alias: string;
  readonly metadata: EntityMetadataShape;
  readonly entities: readonly object[];
  /** Columns of the root entity that the query sorts by: paging needs them selected. */
  readonly sortedBy: readonly string[];
}

/** Watches a sample of one load's entities, with the relations that were loaded with them. */
export class LoadWatch implements ReadWatch {
  private readonly nodes: Node[] = [];
  private readonly members = new Map<object, TrackedEntity>();
  private isSaved = false;

  constructor(
    private readonly watched: WatchedLoad,
    private readonly kinds: PropertyKinds,
    private readonly reader: Reader,
    private readonly random: () => number = Math.random,
  ) {
    const { metadata, entities, sortedBy } = watched;
    const reads = new NodeReads(reader);
    const root: Node = { path: '', metadata, reads, rows: entities.length, tracked: [] };
    try {
      this.watch(root, pickEvenly(entities, MAX_ROOTS, random));
    } catch (error) {
      this.restore();
      throw error;
    }
    for (const property of sortedBy) if (root.reads.marks.has(property)) root.reads.read(property);
  }

  get load(): number {
    return this.watched.id;
  }

  /** Entities that are watched. */
  get size(): number {
    return this.members.size;
  }

  persisted(entities: readonly unknown[]): void {
    this.isSaved ||= entities.some((entity) => this.members.has(entity as object));
  }

  returned(value: unknown): void {
    const waiting: unknown[] = [value];
    for (let seen = 0; waiting.length > 0 && seen < MAX_RETURNED; seen++) {
      const next = waiting.shift();
      if (typeof next !== 'object' || next === null) continue;
      if (this.members.has(next)) {
        this.lose('sent');
        return;
      }
      waiting.push(...someValues(next));
    }
  }

  sending(): void {
    for (const member of this.members.values()) member.settle();
  }

  end(): EntityReads {
    this.restore();
    const nodes = this.nodes.map((node) => this.describe(node));
    return { alias: this.watched.alias, isSaved: this.isSaved, nodes };
  }

  private watch(node: Node, entities: readonly object[]): void {
    this.nodes.push(node);
    const { metadata, reads, tracked } = node;
    const children = new Map<string, { relation: RelationMetadataShape; found: object[] }>();
    for (const entity of entities) {
      if (this.members.has(entity)) continue;
      const kinds = this.kinds.of(concreteMetadata(metadata, entity));
      const keys = Object.keys(entity).filter((key) => kinds.has(key) && isPlain(entity, key));
      if (!Object.isExtensible(entity) || keys.length === 0) {
        reads.lose(keys, 'copied');
        continue;
      }
      for (const key of keys) {
        if (!reads.marks.has(key)) reads.marks.set(key, 'unread');
        collect(entity, key, kinds.get(key), children);
      }
      const member = new TrackedEntity(entity, keys, reads, () => {
        this.lose('copied');
      });
      tracked.push(member);
      this.members.set(entity, member);
    }
    for (const [key, { relation, found }] of children) this.enter(node, key, relation, found);
  }

  private enter(parent: Node, key: string, relation: RelationMetadataShape, found: readonly object[]): void {
    if (this.nodes.length >= MAX_NODES) return;
    const path = parent.path === '' ? relation.propertyName : `${parent.path}.${relation.propertyName}`;
    const metadata = relation.inverseEntityMetadata;
    const from = { parent, key, relation };
    const reads = new NodeReads(this.reader);
    const node: Node = { path, metadata, reads, from, rows: found.length, tracked: [] };
    // Half of what is left for each, so that the relations of one entity do not starve those of the next.
    const room = Math.ceil((MAX_ENTITIES - this.members.size) / 2);
    this.watch(node, pickEvenly(found, room, this.random));
  }

  /** Somebody got hold of the whole graph in a way that cannot be followed: all that is left is unknown. */
  private lose(as: 'copied' | 'sent'): void {
    for (const { reads } of this.nodes) reads.lose([...reads.marks.keys()], as);
    this.restore();
  }

  private restore(): void {
    for (const member of this.members.values()) member.restore();
  }

  private describe(node: Node): NodeRead {
    const { path, metadata, from, rows } = node;
    return {
      path,
      entity: metadata.name,
      ...(from === undefined
        ? {}
        : { owner: from.parent.metadata.name, relation: from.relation.propertyPath }),
      state: from === undefined ? 'read' : from.parent.reads.stateOf(from.key),
      rows,
      columns: this.columnsOf(node),
    };
  }

  private columnsOf(node: Node): readonly ColumnRead[] {
    const { metadata, reads } = node;
    // A select cannot name the columns of a child class.
    if (metadata.childEntityMetadatas.length > 0 || metadata.tableType === 'entity-child') return [];
    const kinds = this.kinds.of(metadata);
    const columns: ColumnRead[] = [];
    for (const [property, state] of reads.marks)
      if (kinds.get(property)?.kind === 'column')
        columns.push({
          property,
          state,
          bytes: state === 'unread' ? this.bytesOf(property, node) : 0,
        });
    return columns;
  }

  /** Of a few entities, scaled to all that the load brought; children were counted on the watched roots only. */
  private bytesOf(property: string, { path, tracked, rows }: Node): number {
    const some = tracked.slice(0, MAX_MEASURED);
    if (some.length === 0) return 0;
    const roots = this.nodes[0]?.tracked.length ?? 1;
    const share = path === '' ? 1 : Math.max(1, this.watched.entities.length / Math.max(1, roots));
    let bytes = 0;
    for (const { entity } of some)
      bytes += byteSize(Object.getOwnPropertyDescriptor(entity, property)?.value);
    return Math.round((bytes / some.length) * rows * share);
  }
}

/** Of lists, maps and objects the first few values; no accessor runs. */
function someValues(holder: object): readonly unknown[] {
  if (holder instanceof Map || holder instanceof Set) return [...holder.values()].slice(0, MAX_VALUES);
  if (Array.isArray(holder)) return holder.slice(0, MAX_VALUES) as unknown[];
  const values: unknown[] = [];
  for (const key of Object.keys(holder).slice(0, MAX_VALUES))
    values.push(Object.getOwnPropertyDescriptor(holder, key)?.value);
  return values;
}

/** A property that can be watched and given back as it was. */
function isPlain(entity: object, key: string): boolean {
  const own = Object.getOwnPropertyDescriptor(entity, key);
  return own?.get === undefined && own?.writable === true && own.configurable === true;
}

function collect(
  entity: object,
  key: string,
  kind: PropertyKind | undefined,
  children: Map<string, { relation: RelationMetadataShape; found: object[] }>,
): void {
  if (kind?.kind !== 'relation') return;
  const { relation } = kind;
  let child = children.get(key);
  if (child === undefined) children.set(key, (child = { relation, found: [] }));
  const value = (entity as Record<string, unknown>)[key];
  for (const item of Array.isArray(value) ? (value as unknown[]) : [value])
    if (typeof item === 'object' && item !== null && child.found.length < MAX_CHILDREN)
      child.found.push(item);
}
