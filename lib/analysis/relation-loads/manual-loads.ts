import type { BatchIndex } from '../batch-index.js';
import type { LoadTree } from '../load-tree.js';
import { resolveValue } from '../query-values.js';
import type { RelationLoad } from '../relation-load.js';
import type { SchemaIndex } from '../schema-index.js';
import type { TimeLine } from '../time-line.js';
import { keyLookups, type KeyLookup } from './key-lookup.js';
import { isConvincing, isLoop, lookupGroups, varyingKeys, type MatchedLookup } from './lookup-group.js';
import { manualLoad } from './manual-load.js';
import { ProvenanceIndex } from './provenance.js';
import { gatheredRows, mayBeList, rowSource, type RowSource } from './row-source.js';
import { SourceColumns } from './source-column.js';

/**
 * Relations that the user's code walks by hand: `findBy({ authorId })`, `findOneBy({ id: post.authorId })`, a count per
 * parent. Known by where the values came from, so a loop over constants, two single loads or a chain of ancestors is none.
 */
export function manualLoads(
  tree: LoadTree,
  batches: BatchIndex,
  timeLine: TimeLine,
  schemaOf: (dataSource: string) => SchemaIndex | undefined,
): readonly RelationLoad[] {
  // The values of a loop come from a list: most units have none, and nothing further to look at.
  if (!tree.queries.some((query) => mayBeList(query, tree, batches))) return [];
  const lookups = keyLookups(tree);
  if (lookups.length === 0) return [];
  const walks = new Map<string, ManualWalks>();
  const walkOf = (dataSource: string): ManualWalks => {
    let walk = walks.get(dataSource);
    if (walk === undefined) walks.set(dataSource, (walk = new ManualWalks(batches, schemaOf(dataSource))));
    return walk;
  };
  for (const query of tree.queries) walkOf(query.record.dataSource).read(query, tree);
  return [...lookupGroups(lookups)].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : walkOf(first.main.record.dataSource).loads(group, timeLine);
  });
}

/** What was read of one data source, and the lookups that follow from it. */
class ManualWalks {
  private readonly columns: SourceColumns;
  private readonly provenance: ProvenanceIndex;

  constructor(
    private readonly batches: BatchIndex,
    private readonly schema: SchemaIndex | undefined,
  ) {
    this.columns = new SourceColumns(schema);
    this.provenance = new ProvenanceIndex(schema);
  }

  read(query: KeyLookup['main'], tree: LoadTree): void {
    const source = rowSource(query, tree, this.batches, this.columns);
    if (source !== undefined) this.add(source, undefined);
  }

  loads(group: readonly KeyLookup[], timeLine: TimeLine): readonly RelationLoad[] {
    const matched = this.match(group);
    if (group.length === 1)
      return matched.filter(isCertain).map((match) => manualLoad(match, this.batches, this.schema));
    if (!isLoop(group, timeLine) || !isConvincing(group, matched, this.schema)) return [];
    const all = withUnseen(group, matched);
    const loads = all.map((match) => manualLoad(match, this.batches, this.schema));
    this.gather(all, loads);
    return loads;
  }

  private match(group: readonly KeyLookup[]): readonly MatchedLookup[] {
    const keysOf = varyingKeys(group);
    return group.flatMap((lookup) => {
      const provenance = this.provenance.find(lookup, keysOf(lookup));
      return provenance === undefined ? [] : [{ lookup, provenance }];
    });
  }

  /** What the loop read is what the next level's loop runs over. */
  private gather(matched: readonly MatchedLookup[], loads: readonly RelationLoad[]): void {
    const [first] = matched;
    const [load] = loads;
    if (first === undefined || load === undefined || load.isCount) return;
    const mains = matched.map(({ lookup }) => lookup.main);
    const rows = gatheredRows(mains, first.provenance.source, this.columns);
    if (rows !== undefined) this.add(rows, load);
  }

  /** Rows that are no entities of one load form a batch of their own. */
  private add(source: RowSource, through: RelationLoad | undefined): void {
    this.provenance.add(source);
    if (source.batch >= 0) return;
    const from =
      through?.entity === undefined || through.property === undefined || through.parentBatch === undefined
        ? {}
        : { from: { batch: through.parentBatch, entity: through.entity, relation: through.property } };
    const entity = through?.target ?? source.columns[0]?.entity?.name ?? '';
    this.batches.add({ id: source.batch, entity, size: source.size, ...from }, source.origin);
  }
}

/** Of a long list only the first rows are kept: the other lookups of the loop went by rows that nobody kept. */
function withUnseen(
  group: readonly KeyLookup[],
  matched: readonly MatchedLookup[],
): readonly MatchedLookup[] {
  const capped = matched.find(({ provenance: { source } }) => source.rows.length < source.size);
  if (capped === undefined || matched.length === group.length) return matched;
  const known = new Map(matched.map((match) => [match.lookup, match]));
  const { provenance } = capped;
  return group.flatMap((lookup) => {
    const key = lookup.keys.find(
      ({ table, column }) => table === provenance.key.table && column === provenance.key.column,
    );
    return known.get(lookup) ?? (key === undefined ? [] : { lookup, provenance: { ...provenance, key } });
  });
}

/**
 * One lookup alone is believed when it asks for the keys of several rows, and the schema joins the columns. The key of one
 * row of many may as well have come with the request, and is no way to load the relation of a list.
 */
function isCertain({ provenance }: MatchedLookup): boolean {
  return (
    provenance.key.isList &&
    provenance.tie.strength === 3 &&
    !provenance.isFromSingle &&
    provenance.source.kind !== 'stream' &&
    !wasAskedFor(provenance)
  );
}

/** The list itself was asked for by the value: nobody took it from the rows. So it is with `getManyAndCount()`. */
function wasAskedFor({ source: { query }, key }: MatchedLookup['provenance']): boolean {
  const asked = new Set(query.statement.values.flatMap((value) => resolveValue(query, value) ?? []));
  return key.values.every((value) => asked.has(value));
}
