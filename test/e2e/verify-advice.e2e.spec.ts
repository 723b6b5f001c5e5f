import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { QueryLensModule, type QueryLensOptions, type Report } from 'nestjs-query-lens';
import {
  AfterLoad,
  Column,
  DataSource,
  Entity,
  type EntitySubscriberInterface,
  LessThan,
  ManyToOne,
  MoreThan,
  OneToMany,
  PrimaryColumn,
  type Relation,
} from 'typeorm';
import { describeOn, type TestDatabase } from '../databases.js';
import { type RunningApp, startApp } from './start-app.js';

/** What the application hears of its entities and statements. */
const heard = { loads: 0, queries: 0, logged: 0 };

@Entity('painters')
class Painter {
  @PrimaryColumn() id: number;
  @Column() name: string;
  @Column({ select: false, nullable: true, type: 'varchar' }) secret: string | null;
  @OneToMany(() => Painting, (painting) => painting.painter) paintings: Promise<Relation<Painting>[]>;
  @OneToMany(() => Sketch, (sketch) => sketch.painter) sketches: Relation<Sketch>[];

  @AfterLoad()
  loaded() {
    heard.loads++;
  }
}

@Entity('paintings')
class Painting {
  @PrimaryColumn() id: number;
  @Column() title: string;
  @Column() painterId: number;
  @ManyToOne(() => Painter, (painter) => painter.paintings) painter: Promise<Relation<Painter>>;
}

@Entity('sketches')
class Sketch {
  @PrimaryColumn() id: number;
  @Column() painterId: number;
  @ManyToOne(() => Painter, (painter) => painter.sketches) painter: Relation<Painter>;
}

class Eavesdropper implements EntitySubscriberInterface {
  afterLoad() {
    heard.loads++;
  }
  beforeQuery() {
    heard.queries++;
  }
}

const logger = {
  logQuery: () => heard.logged++,
  logQueryError: () => heard.logged++,
  logQuerySlow: () => heard.logged++,
  logSchemaBuild: () => undefined,
  logMigration: () => undefined,
  log: () => undefined,
};

@Controller()
class GalleryController {
  constructor(private readonly dataSource: DataSource) {}

  @Get('painters')
  async painters() {
    const painters = await this.dataSource.manager.find(Painter, {
      where: { id: MoreThan(2), name: MoreThan('Jane-4711') },
      order: { name: 'DESC' },
    });
    const found = [];
    for (const painter of painters) found.push((await painter.paintings).length);
    return found;
  }

  @Get('everything')
  async everything() {
    const found = await this.dataSource.manager.find(Painter, {
      where: { id: LessThan(3) },
      relations: { paintings: true, sketches: true },
    });
    return found.length;
  }

  @Get('unread')
  async unread() {
    const found = await this.dataSource.manager.find(Painter, { relations: { sketches: true } });
    return found.map(({ name }) => name);
  }
}

async function start(
  database: TestDatabase,
  verifyAdvice: QueryLensOptions['verifyAdvice'],
): Promise<RunningApp> {
  const running = await startApp({
    controllers: [GalleryController],
    lens: QueryLensModule.forRoot({
      verifyAdvice,
      trackReads: 'all',
      investigate: { mode: 'off' },
      thresholds: { minSampledLoads: 2 },
    }),
    database: TypeOrmModule.forRoot({
      ...database.options({
        entities: [Painter, Painting, Sketch],
        subscribers: [Eavesdropper],
        synchronize: true,
        dropSchema: true,
        logging: true,
        logger,
      }),
    }),
    fill: async (manager) => {
      const ids = Array.from({ length: 8 }, (_, at) => at + 1);
      await manager.save(
        Painter,
        ids.map((id) => ({ id, name: `Painter ${String(id)}`, secret: 'geheim-0815' })),
      );
      const children = ids.flatMap((painterId) =>
        Array.from({ length: painterId <= 2 ? 40 : 8 }, (_, at) => ({ id: painterId * 100 + at, painterId })),
      );
      await manager.save(
        Painting,
        children.map((child) => ({ ...child, title: `No. ${String(child.id)}` })),
      );
      await manager.save(Sketch, children);
    },
  });
  return running;
}

const finding = (report: Report, kind: string) => report.findings.find((other) => other.kind === kind);

describeOn(['sqljs', 'pglite', 'postgres', 'mysql'], (database) => {
  describe('with verifyAdvice', () => {
    let running: RunningApp;
    let before: Report;
    let report: Report;
    let heardBefore: typeof heard;

    beforeAll(async () => {
      running = await start(database, { borrowConnection: true, statementTimeoutMs: 60_000 });
      for (const path of ['/painters', '/everything', '/unread', '/unread']) await running.get(path);
      before = await running.lens.report();
      heardBefore = { ...heard };
      await running.lens.investigate();
      report = await running.lens.report();
    });
    afterAll(() => running.app.close());

    it('proves the advice of a loop', () => {
      const { advice } = finding(report, 'n-plus-one')!;
      expect(advice.verified).toMatchObject({
        rung: 'measured',
        how: expect.stringMatching(/^same 54 entities/),
        measured: { before: { statements: 7, rows: 54 }, after: { statements: 1, rows: 48 } },
      });
      expect(advice.verified!.before).toMatch(/^7 statements, [\d.,]+ m?s$/);
      expect(advice.verified!.after).toMatch(/^1 statement, [\d.,]+ m?s$/);
    });

    it('proves the advice of a product, by the form that helps on this machine', () => {
      const { advice, whyNot } = finding(report, 'cartesian-product')!;
      const strategies = report.loadingStrategies.filter(({ route }) => route === 'GET /everything');
      const verdicts = strategies.map(({ relation, verdict }) => `${relation} ${verdict.choice}`).sort();
      expect(whyNot).toBeUndefined();
      expect(advice.verified).toMatchObject({
        rung: 'measured',
        how: expect.stringMatching(/^same 162 entities/),
        measured: { before: { statements: 1, rows: 3200 } },
      });
      if (advice.choice === undefined)
        expect(verdicts).toEqual(['Painter.paintings query', 'Painter.sketches query']);
      else {
        expect(advice.text).toMatch(/did not help: 1 statement, 3,200 rows, .* today/);
        expect(advice.code).toMatch(/^const \w+ = await createRelationLoader\(dataSource, Painter, /);
        expect(verdicts.map((verdict) => verdict.split(' ')[1]).sort()).toEqual(['batch', 'keep']);
      }
    });

    it('proves the advice on what nobody reads', () => {
      const { relation, advice } = finding(report, 'unused-relation')!;
      expect(relation).toBe('Painter.sketches');
      expect(advice.verified).toMatchObject({
        rung: 'measured',
        how: 'same 8 entities',
        measured: { before: { statements: 1, rows: 128 }, after: { statements: 1, rows: 8 } },
      });
    });

    it('says so in a line of the text report', async () => {
      const text = await running.lens.text({ columns: 120 });
      expect(text).toMatch(
        /verified: 7 statements, [\d.,]+ m?s -> 1 statement, [\d.,]+ m?s, same 54 entities/,
      );
    });

    it('counts none of its statements, and finds nothing in them', () => {
      expect(report.totals).toEqual(before.totals);
      expect(report.findings.map(({ id }) => id)).toEqual(before.findings.map(({ id }) => id));
      expect(report.self.failures).toEqual([]);
    });

    it('is not heard by listeners, subscribers and loggers of the application', () => {
      expect(heard).toEqual(heardBefore);
      expect(heard.logged).toBeGreaterThan(0);
    });

    it('shows no parameter, and nothing of a hidden column', async () => {
      const all = JSON.stringify([report, await running.lens.units()]) + (await running.lens.text());
      expect(all).not.toContain('4711');
      expect(all).not.toContain('0815');
    });
  });

  it('keeps and tries nothing by default', async () => {
    const running = await start(database, undefined);
    await running.get('/painters');
    await running.lens.investigate();
    expect(finding(await running.lens.report(), 'n-plus-one')!.advice.verified).toBeUndefined();
    await running.app.close();
  });
});

describeOn(['sqljs', 'pglite'], (database) => {
  it('says why it cannot be tried where the only connection is the application’s', async () => {
    const running = await start(database, true);
    await running.get('/painters');
    await running.lens.investigate();
    const { advice } = finding(await running.lens.report(), 'n-plus-one')!;
    expect(advice.code).toBeDefined();
    expect(advice.verified).toMatchObject({
      rung: 'suggested',
      after: 'not tried',
      how: expect.stringContaining('verifyAdvice.borrowConnection allows'),
    });
    await running.app.close();
  });
});
