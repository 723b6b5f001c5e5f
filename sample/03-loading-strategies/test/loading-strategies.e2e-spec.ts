import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { QueryLensService, type Report } from 'nestjs-query-lens';
import { AppModule } from '../src/app.module.js';

/** What is read is judged over twenty loads. */
const ROUNDS = 20;

interface Case {
  readonly relation: string;
  /** How it is loaded before and after; undefined where nothing of it is loaded any more. */
  readonly strategies: readonly [string, string | undefined];
  readonly verdict: string;
  /** What is found beside the verdict. */
  readonly findings: readonly string[];
  /** Statements of the whole request. */
  readonly statements: readonly [number, number];
  readonly rounds?: number;
}

const cases: Readonly<Record<string, Case>> = {
  lazy: {
    relation: 'Aircraft.maintenanceNotes',
    strategies: ['lazy', 'query'],
    verdict: 'query',
    findings: ['n-plus-one'],
    statements: [21, 3],
  },
  eager: {
    relation: 'EagerGate.airport',
    strategies: ['eager-join', undefined],
    verdict: 'drop',
    findings: ['unused-relation'],
    statements: [1, 1],
    rounds: ROUNDS,
  },
  join: {
    relation: 'Flight.origin',
    strategies: ['by-id', 'join'],
    verdict: 'join',
    findings: ['n-plus-one'],
    statements: [26, 2],
  },
  query: {
    relation: 'Airport.gates',
    strategies: ['join', 'query'],
    verdict: 'query',
    findings: ['cartesian-product'],
    statements: [2, 5],
  },
  manual: {
    relation: 'Airport.crew',
    strategies: ['manual', 'manual'],
    verdict: 'batch',
    findings: ['n-plus-one'],
    statements: [33, 2],
  },
  select: {
    relation: 'Flight.origin',
    strategies: ['join', undefined],
    verdict: 'select-columns',
    findings: [],
    statements: [2, 2],
    rounds: ROUNDS,
  },
  count: {
    relation: 'State.airports',
    strategies: ['manual', 'manual'],
    verdict: 'count',
    findings: ['count-per-row'],
    statements: [58, 2],
  },
  paginate: {
    relation: 'CrewMember.flights',
    strategies: ['join', 'join'],
    verdict: 'paginate',
    findings: ['truncated-relation'],
    statements: [1, 2],
  },
};

describe('sample 03: loading strategies', () => {
  let app: INestApplication;
  let report: Report;
  const answers = new Map<string, unknown>();

  beforeAll(async () => {
    app = await NestFactory.create(AppModule, { logger: false, forceCloseConnections: true });
    await app.listen(0);
    const url = await app.getUrl();
    for (const [name, { rounds = 1 }] of Object.entries(cases))
      for (const side of ['before', 'after'])
        for (let round = 0; round < rounds; round++)
          answers.set(`${side} ${name}`, await (await fetch(`${url}/${side}/${name}`)).json());
    for (const field of ['flightsBefore', 'flightsAfter']) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: `query ${field} { flights: ${field} { id crew { name } } }` }),
      });
      answers.set(field, await response.json());
    }
    report = await app.get(QueryLensService).report();
  }, 600_000);
  afterAll(() => app.close());

  const strategyOf = (route: string, relation: string) =>
    report.loadingStrategies.find((row) => row.route === route && row.relation === relation);
  const statementsOf = (route: string) => report.routes.find((row) => row.route === route)?.queries.max;
  /** What takes long depends on the machine. */
  const foundOn = (route: string) =>
    report.findings
      .filter((finding) => finding.route === route && !/slow|wait|sequential|cacheable/.test(finding.kind))
      .map(({ kind }) => kind);

  describe.each(Object.entries(cases))(
    '%s',
    (name, { relation, strategies, verdict, findings, statements }) => {
      const [before, after] = [`GET /before/${name}`, `GET /after/${name}`];

      it('is judged', () => {
        expect(strategyOf(before, relation)).toMatchObject({
          strategy: strategies[0],
          verdict: { choice: verdict, code: expect.any(String) },
        });
        expect(statementsOf(before)).toBe(statements[0]);
        expect(foundOn(before)).toEqual(findings);
      });

      it('leaves nothing to say once the advice is followed', () => {
        const row = strategyOf(after, relation);
        expect([row?.strategy, row?.verdict.choice]).toEqual([
          strategies[1],
          strategies[1] === undefined ? undefined : 'keep',
        ]);
        expect(statementsOf(after)).toBe(statements[1]);
        const { expected } = strategyOf(before, relation)?.verdict ?? {};
        // Nothing is left of a relation that is no longer selected.
        if (row !== undefined && expected !== undefined)
          expect({ statements: row.statements, rows: row.rows }).toEqual(expected);
        expect(foundOn(after)).toEqual([]);
        expect(
          report.loadingStrategies.filter((one) => one.route === after && one.verdict.choice !== 'keep'),
        ).toEqual([]);
      });

      it('gives the same answer', () => {
        // `limit` had cut the list itself.
        if (name === 'paginate') expect(answers.get('after paginate')).toHaveLength(20);
        else expect(answers.get(`after ${name}`)).toEqual(answers.get(`before ${name}`));
      });
    },
  );

  it('batches the field of a GraphQL response', () => {
    expect(strategyOf('query flightsBefore', 'Flight.crew')).toMatchObject({
      strategy: 'relation-builder',
      statements: 30,
      verdict: {
        choice: 'batch',
        code: "createRelationLoader(dataSource, Flight, 'crew')",
        expected: { statements: 1, rows: 60 },
      },
    });
    expect(strategyOf('query flightsAfter', 'Flight.crew')).toMatchObject({
      strategy: 'batched',
      statements: 1,
      rows: 60,
      verdict: { choice: 'keep' },
    });
    expect(foundOn('query flightsAfter')).toEqual([]);
    expect(answers.get('flightsAfter')).toEqual(answers.get('flightsBefore'));
  });
});
