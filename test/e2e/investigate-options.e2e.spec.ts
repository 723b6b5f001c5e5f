import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { QueryLensModule, type QueryLensOptions, type Report } from 'nestjs-query-lens';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { describeOn, type TestDatabase } from '../databases.js';
import { type RunningApp, startApp } from './start-app.js';

@Entity('orders')
class Order {
  @PrimaryColumn() id: number;
  @Column() customer: number;
  @Column() state: number;
}

const RARE = 7;

@Controller()
class OrdersController {
  constructor(private readonly dataSource: DataSource) {}

  @Get('customer')
  customer() {
    return this.dataSource.manager.findBy(Order, { customer: 7 });
  }

  @Get('rare')
  rare() {
    return this.dataSource.manager.findBy(Order, { state: RARE });
  }
}

// Everything counts as slow: what is tested here is not the clock.
const thresholds = { slowQueryMs: 0, slowQueryCalls: 1 };

/** 20,000 orders of 900 customers; ten of them in a state of their own, all others in another one. */
async function start(
  database: TestDatabase,
  investigate: QueryLensOptions['investigate'],
): Promise<RunningApp> {
  const rows = Array.from(
    { length: 20_000 },
    (_, n) => `(${n + 1}, ${n % 900}, ${n % 2_000 === 0 ? RARE : 1})`,
  );
  const running = await startApp({
    controllers: [OrdersController],
    lens: QueryLensModule.forRoot({
      thresholds,
      investigate: { borrowConnection: true, statementTimeoutMs: 20_000, ...investigate },
    }),
    database: TypeOrmModule.forRoot({
      ...database.options({ entities: [Order], synchronize: true, dropSchema: true }),
    }),
    fill: async () => undefined,
  });
  const dataSource = running.app.get(DataSource);
  for (const from of [0, 5_000, 10_000, 15_000])
    await dataSource.query(`INSERT INTO orders VALUES ${rows.slice(from, from + 5_000).join(', ')}`);
  await dataSource.query(analyse(database));
  await running.lens.reset();
  return running;
}

function analyse({ dialect }: TestDatabase): string {
  return dialect === 'mysql' ? 'ANALYZE TABLE orders' : 'ANALYZE';
}

async function reported(running: RunningApp, path: string): Promise<Report> {
  await running.get(path);
  await running.lens.investigate();
  return running.lens.report();
}

const ALL = ['postgres', 'pglite', 'mysql', 'better-sqlite3', 'sqljs'] as const;

describeOn(ALL, (database) => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await start(database, {});
  });

  afterAll(() => running.app.close());

  it('suggests an index untried where nothing may be tried, and says what would have to be allowed', async () => {
    const report = await reported(running, '/customer');
    const found = report.findings.filter(({ kind }) => kind === 'missing-index');
    expect(found.map(({ title }) => title)).toEqual([
      expect.stringMatching(/^orders has no index on \(customer\)/),
    ]);
    expect(found[0]?.advice.verified).toMatchObject({
      rung: 'suggested',
      after: 'not tried',
      how: expect.stringMatching(
        /throws most rows away; the statistics agree. Not tried: .*investigate.trialIndexes/,
      ),
    });
    expect(found[0]?.evidence.facts['rung']).toBe('suggested');
    expect(found[0]?.advice.code).toContain(`['customer']`);
  });

  it('says with both plans that a statement has got a dearer one', async () => {
    const dataSource = running.app.get(DataSource);
    await dataSource.query('CREATE INDEX orders_customer ON orders (customer)');
    await dataSource.query(analyse(database));
    const before = await reported(running, '/customer');
    expect(planOf(before, 'customer')?.shape).toMatch(/orders_customer/);
    expect(changed(before)).toEqual([]);
    await dataSource.query(
      database.dialect === 'mysql' ? 'DROP INDEX orders_customer ON orders' : 'DROP INDEX orders_customer',
    );
    await dataSource.query(analyse(database));
    const after = await reported(running, '/customer');
    expect(changed(after)).toEqual([
      expect.stringMatching(/for the worse: .*orders_customer.* became .*orders \(/),
    ]);
    const statement = after.slowQueries.find(({ previousPlan }) => previousPlan !== undefined);
    expect(statement?.previousPlan?.shape).toMatch(/orders_customer/);
    expect(statement?.plan?.root.access).toBe('full-scan');
  });
});

describeOn(['postgres', 'pglite', 'mysql'], (database) => {
  it('plans with the values of the slowest call where they may be kept, and never shows them', async () => {
    const running = await start(database, { useValues: true });
    try {
      await running.app.get(DataSource).query('CREATE INDEX orders_state ON orders (state)');
      await running.app.get(DataSource).query(analyse(database));
      const report = await reported(running, '/rare');
      const plan = planOf(report, 'state');
      // Half of all states are rare: without the value nobody would use the index.
      expect(plan?.values).toBe('slowest-call');
      expect(plan?.shape).toMatch(/orders_state/);
      expect(JSON.stringify(plan?.root)).not.toMatch(/state\W+=\W+7/);
    } finally {
      await running.app.close();
    }
  });

  it('runs the statement where that was allowed, and tells what it saw', async () => {
    const running = await start(database, { useValues: true, analyze: true });
    try {
      const { plan, statement = '' } =
        (await reported(running, '/rare')).slowQueries.find((each) => each.statement.includes('state')) ?? {};
      expect(statement).toMatch(/SELECT/);
      if (plan?.database === 'mysql') return;
      expect(plan).toMatchObject({ isAnalyzed: true, root: { rowsActual: 10, rowsRemoved: 19_990 } });
    } finally {
      await running.app.close();
    }
  });
});

function planOf(report: Report, column: string) {
  return report.slowQueries.find(({ statement }) => new RegExp(`WHERE .*${column}`).test(statement))?.plan;
}

function changed(report: Report): readonly string[] {
  return report.findings.flatMap(
    ({ evidence }) => /Its plan has changed for the worse.*/.exec(evidence.text)?.[0] ?? [],
  );
}
