import type { AnalysedUnit } from '../analysis/detector.js';
import type { AnalysedQuery, RelationLoad } from '../analysis/relation-load.js';
import { groupBy, sumOf } from '../analysis/totals.js';
import { callSiteKey, type CallSite } from '../record/call-site.js';
import type { EntityReads, NodeRead, ReadState } from '../record/entity-reads.js';
import type { EntityLoadRecord, LoadRecord } from '../record/load-record.js';
import type { BoundedMap } from './bounded-map.js';
import type { NodeLoad } from './read-node-statistics.js';
import { ReadStatistics } from './read-statistics.js';
import { rowsOf } from '../record/rows-of.js';
import { servesStatement } from './serves-statement.js';
import { MAX_TEXT_LENGTH } from './statistics-limits.js';

const STRONGEST_FIRST: readonly ReadState[] = ['read', 'sent', 'copied', 'unread'];

type WatchedRecord = EntityLoadRecord & { readonly reads: EntityReads };

/** Counts what was read of the entities of one unit of work, by the place that loaded them. */
export function addReads(unit: AnalysedUnit, reads: BoundedMap<ReadStatistics>): void {
  const watched = unit.unit.loads.filter(isWatched);
  if (watched.length === 0) return;
  const relations = groupBy(unit.relationLoads, (load) => String(outermost(unit, load)?.id));
  for (const load of watched) addLoad(unit, load, relations.get(String(load.id)) ?? [], reads);
}

function isWatched(load: LoadRecord): load is WatchedRecord {
  return load.kind === 'entities' && load.reads !== undefined;
}

function outermost(unit: AnalysedUnit, load: RelationLoad): LoadRecord | undefined {
  return unit.tree.outermost(load.queries[0]?.record.load);
}

/** What was read of a relation, where its load was watched. */
export function readOf(unit: AnalysedUnit, load: RelationLoad): NodeRead | undefined {
  const record = outermost(unit, load);
  if (record?.kind !== 'entities') return undefined;
  const nodes = record.reads?.nodes.filter((node) => isAbout(node, load)) ?? [];
  const strongest = STRONGEST_FIRST.find((state) => nodes.some((node) => node.state === state));
  return nodes.find(({ state }) => state === strongest);
}

function isAbout({ owner, relation }: NodeRead, load: RelationLoad): boolean {
  return relation !== undefined && relation === load.property && owner === load.entity;
}

function addLoad(
  unit: AnalysedUnit,
  load: WatchedRecord,
  relations: readonly RelationLoad[],
  all: BoundedMap<ReadStatistics>,
): void {
  const queries = unit.tree.queriesWithin(load.id).filter(({ record }) => record.load === load.id);
  // Paging reads the ids of the page first.
  const first = queries.reduce<AnalysedQuery | undefined>(largerOf, undefined);
  if (first === undefined) return;
  const callSite = queries.find(({ record }) => record.callSite !== undefined)?.record.callSite;
  const { dataSource, entity, isFind, reads } = load;
  const key = [dataSource, entity, reads.alias, placeOf(callSite, first)].join('\n');
  const { fingerprint, text } = first.statement;
  const statement = { fingerprint, text: text.slice(0, MAX_TEXT_LENGTH) };
  const entry = all.touch(
    key,
    () => new ReadStatistics({ dataSource, entity, isFind, alias: reads.alias, statement }),
  );
  const { name: route, id, startedAt: at } = unit.unit;
  entry.add({ route, unit: id, at, isSaved: reads.isSaved, entities: load.entities, callSite });
  addNodes(unit, load, relations, queries, entry);
}

function largerOf(a: AnalysedQuery | undefined, b: AnalysedQuery): AnalysedQuery {
  return a !== undefined && rowsOf(a.record) > rowsOf(b.record) ? a : b;
}

/** Without a call site, which is rare, the statement stands for the place. */
function placeOf(callSite: CallSite | undefined, { statement }: AnalysedQuery): string {
  return callSite === undefined ? statement.fingerprint : callSiteKey(callSite);
}

function addNodes(
  unit: AnalysedUnit,
  load: WatchedRecord,
  relations: readonly RelationLoad[],
  queries: readonly AnalysedQuery[],
  entry: ReadStatistics,
): void {
  const models = unit.schemas.get(load.dataSource)?.entities ?? [];
  const aliases = joinAliases(load);
  const columns = sumOf(
    load.reads.nodes.filter(({ path }) => path === '' || aliases.has(path)),
    (node) => node.columns.length,
  );
  for (const node of load.reads.nodes) {
    const model = models.find(({ name }) => name === node.entity);
    if (model !== undefined) entry.models.set(node.entity, model);
    const relation = relations.find((candidate) => isAbout(node, candidate));
    const share = columns === 0 ? 0 : node.columns.length / columns;
    entry.node(node)?.add(node, nodeLoad(load, node.path, relation, aliases.get(node.path), queries, share));
  }
}

function nodeLoad(
  load: EntityLoadRecord,
  path: string,
  relation: RelationLoad | undefined,
  alias: string | undefined,
  queries: readonly AnalysedQuery[],
  share: number,
): NodeLoad | undefined {
  const ofHydration = { statements: 0, timeMs: load.hydrateMs * share };
  if (path === '') return { strategy: 'join', isServing: false, ...ofHydration };
  if (relation === undefined) return undefined;
  const { strategy, timeMs } = relation;
  if (relation.join === undefined) {
    const ms = timeMs.wait + timeMs.execute + timeMs.hydrate;
    const own = { statements: relation.queries.length, timeMs: ms };
    return { strategy, isServing: false, ...own };
  }
  const isServing =
    alias === undefined ||
    withJoinedThrough(alias, load).some((joined) =>
      queries.some(({ statement }) => servesStatement(statement.text, joined, !load.isFind)),
    );
  return { strategy, alias, isServing, ...ofHydration };
}

/** An alias, and those that are joined to it: without it they could not be. */
function withJoinedThrough(alias: string, { joins }: EntityLoadRecord): readonly string[] {
  const through = [alias];
  // A join stands behind the one that it is joined to.
  for (const join of joins) if (through.includes(join.parentAlias)) through.push(join.alias);
  return through;
}

/** Aliases by path from the root. */
function joinAliases({ joins, reads }: WatchedRecord): ReadonlyMap<string, string> {
  const paths = new Map<string, string>([[reads.alias, '']]);
  const aliases = new Map<string, string>();
  for (const { alias, parentAlias, relation, isSelected } of joins) {
    const parent = paths.get(parentAlias);
    if (parent === undefined || !isSelected) continue;
    const path = parent === '' ? relation : `${parent}.${relation}`;
    paths.set(alias, path);
    aliases.set(path, alias);
  }
  return aliases;
}
