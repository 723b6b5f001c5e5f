import type { Finding, FindingCost } from '../analysis/finding.js';
import { relationsOption, repositoryOf } from '../analysis/relation-code.js';
import type { Thresholds } from '../analysis/thresholds.js';
import { sumOf } from '../analysis/totals.js';
import { byteText } from './byte-text.js';
import { counted } from './count-text.js';
import { durationText } from './duration-text.js';
import { isJudged } from './is-judged.js';
import type { ReadNodeStatistics } from './read-node-statistics.js';
import type { ReadStatistics } from './read-statistics.js';
import { innerJoin } from './serves-statement.js';

/** A relation that nobody read. `isServing`: its join filters or sorts, so it is no finding, only selected for nothing. */
export interface UnusedRelation {
  readonly finding: Finding;
  readonly isServing: boolean;
  readonly loads: number;
}

/**
 * Relations that one call site loads and nobody reads, the shallowest of each branch. Judged over many units of work.
 * Rulings: RULINGS.md, "unused-relation".
 */
export function unusedRelations(entry: ReadStatistics, thresholds: Thresholds): readonly UnusedRelation[] {
  if (!isJudged(entry, thresholds)) return [];
  const unused = [...entry.nodes.values()].filter(
    (node) => node.identity.relation !== undefined && node.isUnused && !isBelowUnused(node, entry),
  );
  return unused
    .filter((node) => node.loadsWithRows >= thresholds.minSampledLoads)
    .map((node) => ({
      finding: findingOf(entry, node),
      isServing: node.isServing,
      loads: node.loadsWithRows,
    }));
}

/** Whether a relation nearer to the root is unread already. */
export function isBelowUnused({ identity }: ReadNodeStatistics, { nodes }: ReadStatistics): boolean {
  const steps = identity.path.split('.');
  return steps.some((_, at) => at > 0 && nodes.get(steps.slice(0, at).join('.'))?.isUnused === true);
}

function findingOf(entry: ReadStatistics, node: ReadNodeStatistics): Finding {
  const { dataSource, statement } = entry.identity;
  const { owner = '', relation = '', path } = node.identity;
  const { loadsWithRows: loads, rows, strategy } = node;
  const name = `${owner}.${relation}`;
  const saved = savedBy(node, entry);
  return {
    kind: 'unused-relation',
    severity: 'warning',
    title: `${name} is loaded for nothing: read in 0 of ${counted(loads, 'load')}`,
    route: entry.routes[0] ?? '',
    dataSource,
    relation: name,
    statement,
    callSites: [...entry.callSites],
    evidence: {
      text: `Nobody read it in ${counted(loads, 'watched load')} that had rows, about ${counted(rows / loads, 'row')} of it in each. ${savingText(saved)}`,
      facts: { loads, read: 0, rows, path, strategy },
    },
    cost: saved,
    advice: adviceOf(entry, node),
  };
}

/** What one load would not cost without the relation and all that was loaded below it. */
function savedBy(
  { identity, loadsWithRows, loads }: ReadNodeStatistics,
  { nodes }: ReadStatistics,
): FindingCost {
  const gone = [...nodes.values()].filter(
    ({ identity: { path } }) => path === identity.path || path.startsWith(`${identity.path}.`),
  );
  return {
    statements: Math.round(sumOf(gone, ({ statements }) => statements) / loads),
    rows: Math.round(sumOf(gone, ({ rows }) => rows) / loadsWithRows),
    timeMs: sumOf(gone, ({ timeMs }) => timeMs) / loads,
    bytes: Math.round(sumOf(gone, ({ bytes }) => bytes) / loadsWithRows),
  };
}

function savingText({ statements, rows, bytes = 0, timeMs }: FindingCost): string {
  const parts = [
    ...(statements === 0 ? [] : [counted(statements, 'statement')]),
    counted(rows, 'row'),
    ...(bytes === 0 ? [] : [`about ${byteText(bytes)}`]),
    durationText(timeMs),
  ];
  return `Without it each load saves ${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}.`;
}

function adviceOf(entry: ReadStatistics, node: ReadNodeStatistics): Finding['advice'] {
  const { path, relation = '' } = node.identity;
  if (node.isServing) return servingAdvice(entry, node);
  if (node.strategy === 'eager-join')
    return {
      text: `It is eager, so every find loads it: take eager: true off ${node.identity.owner}.${relation}, or switch eager relations off for this call.`,
      code: `${repositoryOf(entry.identity.entity)}.find({ loadEagerRelations: false${othersByName(entry, path)} })`,
    };
  if (!isOfFind(entry, node))
    return {
      text: `Do not select it: take the join of ${relation} out of the query.`,
      code: `// without .leftJoinAndSelect('${parentAlias(entry, path)}.${relation}', '${node.alias ?? relation}')`,
    };
  return { text: `Take ${path} out of relations.`, code: relationsWithout(entry, path) };
}

function servingAdvice(entry: ReadStatistics, node: ReadNodeStatistics): Finding['advice'] {
  const { path, relation = '' } = node.identity;
  if (isOfFind(entry, node))
    return {
      text: `It serves the condition or the order only, and that needs no relations: TypeORM joins it then without selecting it.`,
      code: relationsWithout(entry, path),
    };
  const alias = node.alias ?? relation;
  const isInner = innerJoin(entry.identity.statement.text, alias) !== undefined;
  const [join, instead] = isInner ? ['innerJoin', ', with the same condition'] : ['leftJoin', ''];
  return {
    text: `It serves the condition or the order only: join it without selecting it, ${join} instead of ${join}AndSelect${instead}.`,
    code: `.${join}('${parentAlias(entry, path)}.${relation}', '${alias}')`,
  };
}

/** TypeORM's own alias of a joined relation, `Book__Book_reviews`, or a hash where that is too long. */
const ALIAS_OF_FIND = /__|^[0-9a-f]{40}$/;

/** Not joined by hand, which a builder with find options can do as well. */
function isOfFind({ identity: { isFind } }: ReadStatistics, { alias }: ReadNodeStatistics): boolean {
  return isFind && (alias === undefined || ALIAS_OF_FIND.test(alias));
}

function parentAlias({ nodes, identity }: ReadStatistics, path: string): string {
  const parent = path.split('.').slice(0, -1).join('.');
  return nodes.get(parent)?.alias ?? (parent === '' ? identity.alias : parent);
}

/** Without eager relations, those that are wanted have to be asked for. */
function othersByName({ nodes }: ReadStatistics, path: string): string {
  const left = [...nodes.values()].filter(
    ({ identity }) =>
      identity.relation !== undefined && identity.path !== path && !identity.path.startsWith(`${path}.`),
  );
  return left.length === 0
    ? ''
    : `, relations: ${relationsOption(left.map(({ identity }) => identity.path.split('.')))}`;
}

/** The option with the relations that are left. */
function relationsWithout({ nodes }: ReadStatistics, path: string): string {
  const left = [...nodes.values()].filter(
    ({ identity, strategy }) =>
      identity.relation !== undefined &&
      strategy !== 'eager-join' &&
      identity.path !== path &&
      !identity.path.startsWith(`${path}.`),
  );
  if (left.length === 0) return `// without relations: ${relationsOption([path.split('.')])}`;
  return `relations: ${relationsOption(left.map(({ identity }) => identity.path.split('.')))}`;
}
