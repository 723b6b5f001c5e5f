import { describe, expect, it } from '@jest/globals';
import { parse } from 'libpg-query';
import { readSearch } from '../../../lib/sql/read-search.js';
import { recordedStatements } from './typeorm-statements.js';

type Node = Record<string, any>;

/** Shapes that TypeORM does not write, and people do. */
const BY_HAND = [
  'SELECT * FROM flights f WHERE f.origin = $1 AND f.departs > $2 ORDER BY f.departs DESC LIMIT 20',
  'SELECT * FROM public.flights WHERE origin = $1 OR destination = $2',
  'SELECT * FROM flights WHERE NOT (origin = $1) AND carrier IN ($2, $3)',
  `SELECT * FROM flights WHERE lower(carrier) = 'aa' AND origin = 'SFO'::text`,
  'WITH late AS (SELECT * FROM flights WHERE delay > 60) SELECT * FROM late JOIN airports a ON a.id = late.origin WHERE a.state = $1',
  'SELECT a.id, (SELECT count(*) FROM flights f WHERE f.origin = a.id AND f.delay = $1) FROM airports a WHERE a.state = $2',
  'SELECT * FROM airports a WHERE EXISTS (SELECT 1 FROM flights f WHERE f.origin = a.id) AND a.state = $1',
  'SELECT * FROM flights f, airports a WHERE f.origin = a.id AND a.state = $1',
  'SELECT * FROM flights WHERE (origin = $1 AND (carrier = $2 AND delay >= $3)) LIMIT 10 OFFSET 40',
  'SELECT DISTINCT ON (origin) * FROM flights WHERE delay <> $1 ORDER BY origin, departs DESC',
  'UPDATE flights SET delay = $1 WHERE id = $2',
  'DELETE FROM flights WHERE origin = $1 AND departs < $2',
  'SELECT * FROM flights WHERE origin LIKE $1 AND departs BETWEEN $2 AND $3 AND id = ANY($4)',
];

const corpus = [...recordedStatements('postgres').map(({ query }) => query), ...BY_HAND].filter((sql) =>
  /^(?:SELECT|WITH|UPDATE|DELETE)\b/i.test(sql),
);

/** PostgreSQL's own grammar, compiled to WebAssembly, is the judge of what this library reads of a statement's text. */
describe('what is read of a statement, against the grammar of PostgreSQL', () => {
  it('is there for a corpus worth the name', () => {
    expect(new Set(corpus).size).toBeGreaterThan(60);
  });

  it.each([...new Set(corpus)])('%s', async (sql) => {
    const { stmts } = (await parse(sql)) as { stmts: { stmt: Node }[] };
    const [kind, root] = Object.entries(stmts[0]!.stmt)[0] as [string, Node];
    const search = readSearch(sql, 'standard');

    expect(search.tables.map(({ name }) => name).sort()).toEqual(tablesOf(root));

    const own = search.predicates.filter(
      ({ clause, depth, isConjunct, operator }) =>
        clause === 'where' && isConjunct && depth === 0 && (operator === '=' || operator === 'in'),
    );
    expect(own.map(({ column }) => column).sort()).toEqual(equalColumns(root['whereClause']).sort());

    if (kind !== 'SelectStmt') return;
    expect(search.isSorting).toBe(root['sortClause'] !== undefined);
    expect(search.limit !== undefined).toBe(root['limitCount'] !== undefined);
    expect(search.offset !== undefined).toBe(root['limitOffset'] !== undefined);
    expect(search.isCombined).toBe(root['op'] !== 'SETOP_NONE');
    const sorted = bareSort(root['sortClause']);
    if (sorted !== undefined) expect(search.order.map(({ column }) => column.column)).toEqual(sorted);
  });
});

/** Names in FROM, JOIN and as the target of a write; not those of WITH. */
function tablesOf(root: Node): readonly string[] {
  const found: string[] = [];
  const common = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const node = value as Node;
    if (node['ctename'] !== undefined) common.add(node['ctename']);
    if (node['relname'] !== undefined && node['relpersistence'] !== undefined) found.push(node['relname']);
    Object.values(node).forEach(visit);
  };
  visit(root);
  return found.filter((name) => !common.has(name)).sort();
}

/** Columns that every row compares with a value, by `=` or IN. */
function equalColumns(where: Node | undefined): string[] {
  if (where === undefined) return [];
  const { BoolExpr: bool, A_Expr: comparison } = where;
  if (bool !== undefined) return bool.boolop === 'AND_EXPR' ? bool.args.flatMap(equalColumns) : [];
  if (comparison?.name?.[0]?.String?.sval !== '=') return [];
  const { kind, lexpr, rexpr } = comparison as Node;
  const column = columnOf(lexpr) ?? (kind === 'AEXPR_OP' ? columnOf(rexpr) : undefined);
  const others = kind === 'AEXPR_IN' ? rexpr.List.items : [columnOf(lexpr) === undefined ? lexpr : rexpr];
  const isValue = others.every((other: Node) => isConstant(other));
  if (kind === 'AEXPR_OP_ANY') return column !== undefined && isConstant(rexpr) ? [column] : [];
  return column !== undefined && isValue && (kind === 'AEXPR_OP' || kind === 'AEXPR_IN') ? [column] : [];
}

function isConstant(node: Node): boolean {
  return node['TypeCast'] !== undefined
    ? isConstant(node['TypeCast'].arg)
    : node['ParamRef'] !== undefined || node['A_Const'] !== undefined;
}

function columnOf(node: Node | undefined): string | undefined {
  const fields = node?.['ColumnRef']?.fields as Node[] | undefined;
  return fields?.at(-1)?.['String']?.sval;
}

/** Undefined where it sorts by anything but columns. */
function bareSort(clause: Node[] | undefined): readonly string[] | undefined {
  const columns = (clause ?? []).map(({ SortBy }) => columnOf(SortBy?.node));
  return columns.includes(undefined) ? undefined : (columns as string[]);
}
