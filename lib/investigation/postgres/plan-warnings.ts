import { countText } from '../../statistics/count-text.js';
import { textWarnings } from '../text-warnings.js';
import type { PlanWarning } from '../query-plan.js';
import { distinctWarnings, functionWarning, loopWarning, orWarning, scanWarning } from '../warning-texts.js';
import type { PlanOrigin } from './plan-origin.js';
import type { RawPlan } from './raw-plan.js';

const MISESTIMATE = 10;

/** What in a plan usually costs, and why. Literals of the statement are looked at and never shown. */
export function planWarnings(raw: RawPlan, origin: PlanOrigin): readonly PlanWarning[] {
  return distinctWarnings([...nodeWarnings(raw, origin), ...textWarnings(origin.statement, 'postgres')]);
}

function* nodeWarnings(raw: RawPlan, origin: PlanOrigin): Iterable<PlanWarning> {
  for (const warn of [scan, misestimate, spill, loop, condition]) {
    const warning = warn(raw, origin);
    if (warning !== undefined) yield warning;
  }
  for (const child of raw.Plans ?? []) yield* nodeWarnings(child, origin);
}

function scan(raw: RawPlan, origin: PlanOrigin): PlanWarning | undefined {
  const relation = raw['Relation Name'];
  if (raw['Node Type'] !== 'Seq Scan' || relation === undefined || raw.Filter === undefined) return undefined;
  const kept = raw['Actual Rows'] ?? raw['Plan Rows'] ?? 0;
  const removed = raw['Rows Removed by Filter'];
  const read = removed === undefined ? origin.tableRows(raw.Schema, relation) : kept + removed;
  return read === undefined ? undefined : scanWarning(relation, { read, kept });
}

function misestimate(raw: RawPlan): PlanWarning | undefined {
  const { 'Actual Rows': actual, 'Plan Rows': planned = 0, 'Actual Loops': loops = 1 } = raw;
  if (actual === undefined || loops === 0) return undefined;
  const [less, more] = [Math.max(1, Math.min(actual, planned)), Math.max(1, actual, planned)];
  if (more / less < MISESTIMATE || more < 100) return undefined;
  const relation = raw['Relation Name'];
  const text = `The planner expected ${countText(planned)} rows of ${relation ?? raw['Node Type']} and got ${countText(actual)}: ANALYZE, or extended statistics on columns that depend on each other.`;
  return { kind: 'misestimate', ...(relation === undefined ? {} : { relation }), text };
}

function spill(raw: RawPlan): PlanWarning | undefined {
  if (raw['Sort Space Type'] === 'Disk')
    return {
      kind: 'spilled-to-disk',
      text: `A sort did not fit into work_mem and used ${countText(raw['Sort Space Used'] ?? 0)} kB on disk.`,
    };
  const { 'Hash Batches': batches = 1 } = raw;
  if (batches <= 1) return undefined;
  return {
    kind: 'spilled-to-disk',
    text: `A hash did not fit into work_mem and was written to disk in ${countText(batches)} batches.`,
  };
}

function loop(raw: RawPlan): PlanWarning | undefined {
  if (raw['Node Type'] !== 'Nested Loop') return undefined;
  const outer = raw.Plans?.find((child) => child['Parent Relationship'] === 'Outer');
  const inner = raw.Plans?.find((child) => child['Parent Relationship'] === 'Inner');
  const rows = outer?.['Actual Rows'] ?? outer?.['Plan Rows'] ?? 0;
  return inner === undefined ? undefined : loopWarning(firstRelation(inner), rows);
}

function firstRelation(raw: RawPlan): string | undefined {
  if (raw['Relation Name'] !== undefined) return raw['Relation Name'];
  for (const child of raw.Plans ?? []) {
    const relation = firstRelation(child);
    if (relation !== undefined) return relation;
  }
  return undefined;
}

const NAME = String.raw`(?:"[^"]+"|[A-Za-z_]\w*)`;
/** `lower(f.name) =`, `(f.created)::date =`: no index on the bare column serves it. A cast to text is none. */
const CALL = new RegExp(
  String.raw`\b(?!any\b|all\b|some\b)([a-z_]\w*)\(\(?(?:${NAME}\.)?(${NAME})\)?(?:::[a-z ]+)?\) (?:=|<|>|~~|IN)`,
  'iu',
);
const CAST = new RegExp(
  String.raw`\((?:${NAME}\.)?(${NAME})\)::(?!text|bpchar|character|numeric|double)([a-z ]+?)\)? (?:=|<|>)`,
  'iu',
);
const OR = / OR /u;

function condition(raw: RawPlan): PlanWarning | undefined {
  const relation = raw['Relation Name'];
  if (relation === undefined || raw.Filter === undefined) return undefined;
  const call = CALL.exec(raw.Filter);
  if (call !== null) return functionWarning(call[1] ?? '', relation, call[2] ?? '', 'postgres');
  const cast = CAST.exec(raw.Filter);
  if (cast !== null)
    return {
      kind: 'function-on-column',
      relation,
      text: `${relation}.${cast[1] ?? ''} is cast to ${cast[2] ?? ''} before it is compared, which keeps an index on the column from being used: compare with a value of the column's own type.`,
    };
  return raw['Node Type'] === 'Seq Scan' && OR.test(raw.Filter) ? orWarning(relation) : undefined;
}
