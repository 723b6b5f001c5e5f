import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { rawPlanOf } from '../../../lib/investigation/postgres/raw-plan.js';
import { readPostgresPlan } from '../../../lib/investigation/postgres/read-plan.js';
import type { PlanNode, QueryPlan } from '../../../lib/investigation/query-plan.js';
import { explainJson } from '../../../lib/report/explain-json.js';

interface Recorded {
  readonly version: string;
  readonly plans: Readonly<Record<string, { readonly statement: string; readonly answer: unknown }>>;
}

const folder = new URL('../investigation/fixtures/', import.meta.url);
const recorded = readdirSync(folder)
  .filter((file) => /^postgres-\d+\.json$/.test(file))
  .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Recorded);

/** What a viewer shows of a step. */
function shown(node: PlanNode): unknown {
  const { relation, schema, index, condition, filter, sortKeys, cost, rowsEstimated, rowsActual } = node;
  const { rowsRemoved, timeMs, children } = node;
  return {
    ...{ relation, schema, index, condition, filter, sortKeys, cost, rowsEstimated, rowsActual },
    ...{ rowsRemoved, timeMs, children: children.map(shown) },
  };
}

describe.each(recorded)('a plan of PostgreSQL $version for a viewer', ({ version, plans }) => {
  it.each(Object.keys(plans))('is EXPLAIN (FORMAT JSON) again: %s', (name) => {
    const { statement, answer } = plans[name]!;
    const origin = { version, values: 'generic' as const, statement, tableRows: () => undefined };
    const plan = readPostgresPlan(rawPlanOf(answer), origin);
    const again = readPostgresPlan(rawPlanOf(JSON.parse(explainJson(plan) ?? '')), origin);
    expect(shown(again.root)).toEqual(shown(plan.root));
  });
});

it('is not there for other databases', () => {
  expect(explainJson({ database: 'sqlite' } as QueryPlan)).toBeUndefined();
});
