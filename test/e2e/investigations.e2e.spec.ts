import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { QueryLensModule, type QueryLensOptions, type Report } from 'nestjs-query-lens';
import { Column, DataSource, Entity, PrimaryColumn } from 'typeorm';
import { describeOn, type TestDatabase } from '../databases.js';
import { installHypopg } from '../integration/plans/rows.js';
import { type RunningApp, startApp } from './start-app.js';

@Entity('flights')
class Flight {
  @PrimaryColumn() id: number;
  @Column() originId: number;
  @Column() note: string;
}

@Entity('codes')
class Code {
  @PrimaryColumn() id: number;
  @Column() iata: string;
}

@Controller()
class FlightsController {
  constructor(private readonly dataSource: DataSource) {}

  @Get('flights')
  async flights() {
    return this.dataSource.manager.findBy(Flight, { originId: 7 });
  }

  @Get('newest')
  async newest() {
    return this.dataSource.manager.find(Flight, { where: { originId: 9 }, order: { id: 'DESC' }, take: 3 });
  }

  @Get('codes')
  async codes() {
    return this.dataSource.manager.findBy(Code, { iata: 'A7' });
  }

  @Get('renamed')
  async renamed() {
    await this.dataSource.manager.update(Flight, { originId: 11 }, { note: 'renamed' });
  }
}

// Everything counts as slow: what is tested here is not the clock.
const thresholds = { slowQueryMs: 0, slowQueryCalls: 1 };

async function start(
  database: TestDatabase,
  investigate: QueryLensOptions['investigate'],
): Promise<RunningApp> {
  return startApp({
    controllers: [FlightsController],
    lens: QueryLensModule.forRoot({ thresholds, investigate, admin: { public: true, allowActions: true } }),
    database: TypeOrmModule.forRoot({
      ...database.options({ entities: [Flight, Code], synchronize: true }),
    }),
    fill: async (manager) => {
      const { connection, dataSource = connection } = manager as {
        connection?: DataSource;
        dataSource?: DataSource;
      };
      if (database.dialect === 'postgres') await installHypopg(dataSource!);
      for (const statement of fillOf(database)) await dataSource!.query(statement);
    },
  });
}

function fillOf({ dialect }: TestDatabase): readonly string[] {
  const flights = Array.from({ length: 20_000 }, (_, n) => `(${n + 1}, ${(n + 1) % 900}, 'note ${n + 1}')`);
  const codes = Array.from({ length: 90 }, (_, n) => `(${n + 1}, 'A${n + 1}')`);
  return [
    ...[0, 5_000, 10_000, 15_000].map(
      (from) => `INSERT INTO flights VALUES ${flights.slice(from, from + 5_000).join(', ')}`,
    ),
    `INSERT INTO codes VALUES ${codes.join(', ')}`,
    'CREATE INDEX codes_iata ON codes (iata)',
    'CREATE INDEX codes_iata_id ON codes (iata, id)',
    dialect === 'mysql' ? 'ANALYZE TABLE flights, codes' : 'ANALYZE',
  ];
}

/** What differs in the words of the databases. */
const WORDS = {
  postgres: {
    create: 'CREATE INDEX CONCURRENTLY "IDX_flights_originId"',
    scan: /▶ Seq Scan on flights/,
    indexes: `SELECT indexname FROM pg_indexes WHERE tablename = 'flights' AND indexname !~ '^PK'`,
  },
  mysql: {
    create: 'CREATE INDEX `IDX_flights_originId` ON `flights` (`originId`)',
    scan: /▶ +ALL on flights/,
    indexes: `SELECT INDEX_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'flights' AND INDEX_NAME <> 'PRIMARY'`,
  },
  sqlite: {
    create: 'CREATE INDEX "IDX_flights_originId" ON "flights" ("originId")',
    scan: /▶ SCAN on flights/,
    indexes: `SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'flights'`,
  },
} as const;

const find = (report: Report, pattern: RegExp) =>
  report.slowQueries.find(({ statement }) => pattern.test(statement));

describeOn(['postgres', 'pglite', 'mysql', 'better-sqlite3', 'sqljs'], (database) => {
  const words = WORDS[database.dialect];
  let running: RunningApp;
  let report: Report;

  beforeAll(async () => {
    running = await start(database, {
      trialIndexes: true,
      borrowConnection: true,
      statementTimeoutMs: 20_000,
    });
    for (const path of ['/flights', '/newest', '/codes', '/renamed']) await running.get(path);
    await running.lens.investigate();
    report = await running.lens.report();
  });

  afterAll(() => running.app.close());

  it('advises one index that serves several statements, with the code to paste', () => {
    const found = report.findings.filter(({ kind }) => kind === 'missing-index');
    expect(found).toHaveLength(1);
    const [finding] = found;
    expect(finding?.title).toMatch(/^flights has no index on \(originId/);
    expect(finding?.advice.verified?.rung).toBe('planner-verified');
    expect(finding?.advice.code).toContain(
      `@Index('IDX_flights_originId', ['originId'])\nexport class Flight`,
    );
    expect(finding?.advice.code).toContain(words.create);
    expect(finding?.evidence.facts['statements']).toBeGreaterThanOrEqual(2);
  });

  it('shows the plan of each statement, and what the index changes for it', () => {
    const flights = find(report, /^SELECT (?!.*LIMIT).*originId.? ?= ?\?/);
    expect(flights?.plan?.root).toMatchObject({ relation: 'flights', access: 'full-scan' });
    expect(flights?.advice[0]?.verified).toMatchObject({ rung: 'planner-verified' });
    expect(flights?.whyNot).toBeUndefined();
  });

  it('finds the search of an UPDATE', () => {
    const update = report.slowQueries.find(({ statement }) => statement.startsWith('UPDATE'));
    expect(update?.plan?.root.relation).toBe('flights');
  });

  it('finds an index that another one covers, in the catalogs', async () => {
    const [finding, ...others] = report.findings.filter(({ kind }) => kind === 'redundant-index');
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ relation: 'codes.codes_iata', route: '', severity: 'info' });
    expect(await running.lens.text({ sections: ['findings'] })).toContain('redundant-index codes.codes_iata');
    const markdown = await (await running.get('/query-lens/report.md')).text();
    expect(markdown).toMatch(/redundant-index `codes\.codes_iata`\n/);
  });

  it('says why there is no index where there is none', () => {
    expect(find(report, /FROM .codes/)?.whyNot).toMatch(/below 100|fewer than 500/);
  });

  it('does not record its own statements, and leaves nothing behind', async () => {
    expect(
      report.slowQueries.every(
        ({ statement }) => !/EXPLAIN|pg_class|hypopg|information_schema|sqlite_|temporary/i.test(statement),
      ),
    ).toBe(true);
    expect(await running.app.get(DataSource).query(words.indexes)).toEqual([]);
  });

  it('tries again on demand what an advice promises', async () => {
    const [finding] = report.findings.filter(({ kind }) => kind === 'missing-index');
    // Of several statements with the same advice, the one that the finding names is looked at again.
    const investigatedAt = async () =>
      (await running.lens.slowQueries()).find(
        ({ fingerprint }) => fingerprint === finding?.statement?.fingerprint,
      )?.plan;
    const before = await investigatedAt();
    const response = await running.get(`/query-lens/actions/verify?finding=${finding?.id ?? ''}`, {
      method: 'POST',
      headers: { 'x-query-lens': 'test' },
    });
    expect(response.status).toBe(204);
    const after = await investigatedAt();
    // Read anew, and with the same outcome.
    expect(after).not.toBe(before);
    expect(after?.root.relation).toBe('flights');
    const [again] = (await running.lens.findings()).filter(({ kind }) => kind === 'missing-index');
    expect(again?.advice.verified?.rung).toBe('planner-verified');
  });

  it('prints the plan as a tree with its costliest step marked', async () => {
    const text = await running.lens.text({ sections: ['slow-queries'] });
    expect(text).toMatch(words.scan);
    expect(text).toMatch(/Every row of flights is read/);
  });
});

describeOn(['pglite'], (database) => {
  it('leaves a single connection to the application unless it may be borrowed', async () => {
    const running = await start(database, {});
    try {
      await running.get('/flights');
      await running.lens.investigate();
      const [statement] = await running.lens.slowQueries();
      expect(statement?.whyNot).toMatch(/its pool has one connection/);
    } finally {
      await running.app.close();
    }
  });
});
