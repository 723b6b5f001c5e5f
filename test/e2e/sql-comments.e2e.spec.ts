import { Controller, Get, Injectable } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Interval, ScheduleModule } from '@nestjs/schedule';
import { InjectDataSource, TypeOrmModule } from '@nestjs/typeorm';
import { Observe, QueryLensModule } from 'nestjs-query-lens';
import { DataSource } from 'typeorm';
import { describeOn } from '../databases.js';
import { startApp, type Platform, type RunningApp } from './start-app.js';

const ASK = {
  postgres: 'SELECT query FROM pg_stat_activity WHERE pid = pg_backend_pid()',
  mysql: 'SELECT info AS query FROM information_schema.processlist WHERE id = connection_id()',
  sqlite: '',
};

describe('comments of an application in its statements', () => {
  describeOn(['postgres', 'mysql'], (database) => {
    let host: RunningApp | undefined;
    afterEach(() => host?.app.close());

    @Injectable()
    class Texts {
      constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

      ticked: string | undefined;

      async ask(): Promise<string> {
        const [row] = await this.dataSource.query<{ query: string }[]>(ASK[database.dialect]);
        return row!.query;
      }

      @Observe('nightly report')
      nightly(): Promise<string> {
        return this.ask();
      }

      @Interval(5)
      async tick(): Promise<void> {
        this.ticked ??= await this.ask();
      }
    }

    @Controller('texts')
    class TextsController {
      constructor(private readonly texts: Texts) {}

      @Get(':id')
      one(): Promise<string> {
        return this.texts.ask();
      }
    }

    const start = async (platform: Platform, trackReads: 'off' | 'sampled') => {
      host = await startApp({
        platform,
        lens: QueryLensModule.forRoot({ trackReads, telemetry: { sqlComments: true } }),
        database: TypeOrmModule.forRoot({ ...database.options(), entities: undefined, retryAttempts: 0 }),
        imports: [ScheduleModule.forRoot()],
        providers: [Texts],
        controllers: [TextsController],
      });
      return host;
    };

    it.each([
      ['express', 'off'],
      ['fastify', 'sampled'],
    ] as const)('name route, class and method on %s', async (platform, trackReads) => {
      const { get } = await start(platform, trackReads);
      expect(await (await get('/texts/7')).text()).toBe(
        `${ASK[database.dialect]} /*action='one',controller='TextsController',db_driver='typeorm',framework='nestjs',route='%2Ftexts%2F%3Aid'*/`,
      );
    });

    it('name what runs without a request', async () => {
      const { app } = await start('express', 'off');
      const texts = app.get(Texts);
      expect(await texts.nightly()).toContain("/*action='nightly%20report',db_driver=");
      while (texts.ticked === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(texts.ticked).toContain("/*action='tick',controller='Texts',db_driver=");
    });
  });
});
