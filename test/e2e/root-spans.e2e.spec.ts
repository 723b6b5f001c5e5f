import { randomUUID } from 'node:crypto';
import { BullModule, getQueueToken, Processor, WorkerHost } from '@nestjs/bullmq';
import { Injectable } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Interval, ScheduleModule } from '@nestjs/schedule';
import { InjectDataSource } from '@nestjs/typeorm';
import { type Job, type Queue, QueueEvents } from 'bullmq';
import { QueryLensModule } from 'nestjs-query-lens';
import { DataSource } from 'typeorm';
import { describeWith } from '../databases.js';
import { ExportingSdk } from '../integration/telemetry/exporting-sdk.js';
import { spanNamed, tree } from '../integration/telemetry/span-tree.js';
import { Author } from './library.entities.js';
import { startApp, type RunningApp } from './start-app.js';

const QUEUE = `mail-${randomUUID()}`;

@Injectable()
class Clock {
  ticks = 0;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Interval(5)
  async tick(): Promise<void> {
    if (this.ticks++ === 0) await this.dataSource.getRepository(Author).count();
  }
}

@Processor(QUEUE)
class MailProcessor extends WorkerHost {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {
    super();
  }

  async process(job: Job): Promise<void> {
    await this.dataSource.getRepository(Author).findOneBy({ id: 1 });
    if (job.name === 'fail') throw new RangeError('no such address: hunter2');
  }
}

describe('the root span of work that nobody else has a span for', () => {
  const sdk = new ExportingSdk();
  let host: RunningApp;

  beforeAll(() => sdk.start());
  afterEach(() => host.app.close());
  afterAll(() => sdk.stop());

  const traceOf = async (name: string) => {
    const spans = await sdk.exported();
    const { traceId } = spanNamed(spans, name);
    return spans.filter((span) => span.traceId === traceId);
  };

  it('is there for a schedule', async () => {
    host = await startApp({ imports: [ScheduleModule.forRoot()], providers: [Clock] });
    while (host.app.get(Clock).ticks < 2) await new Promise((resolve) => setTimeout(resolve, 5));
    await host.lens.units();
    const [root] = (await sdk.exported()).filter(({ name }) => name === 'interval Clock.tick');
    expect(root).toMatchObject({
      kind: 'INTERNAL',
      parentSpanId: '',
      attributes: { 'query_lens.unit.kind': 'interval', 'query_lens.queries': 1 },
    });
  });

  describeWith('redis', (url) => {
    async function run(job: 'send' | 'fail', rootSpans: boolean): Promise<void> {
      const { hostname, port } = new URL(url);
      const connection = { host: hostname, port: Number(port || 6379), maxRetriesPerRequest: null };
      host = await startApp({
        lens: QueryLensModule.forRoot({ telemetry: { rootSpans } }),
        imports: [BullModule.forRoot({ connection }), BullModule.registerQueue({ name: QUEUE })],
        providers: [MailProcessor],
      });
      await sdk.exported();
      sdk.receiver.clear();
      const queue = host.app.get<Queue>(getQueueToken(QUEUE), { strict: false });
      const events = new QueueEvents(QUEUE, { connection });
      await events.waitUntilReady();
      const added = await queue.add(job, 'ann');
      await added.waitUntilFinished(events).catch(() => undefined);
      await host.lens.units();
      await queue.obliterate({ force: true });
      await events.close();
    }

    it('is there for a job of a queue', async () => {
      await run('send', true);
      expect(tree(await traceOf(`job ${QUEUE}:send`))).toEqual([
        `INTERNAL job ${QUEUE}:send`,
        '  CLIENT SELECT "author"',
      ]);
    });

    it('is red where the job failed', async () => {
      await run('fail', true);
      const root = spanNamed(await traceOf(`job ${QUEUE}:fail`), `job ${QUEUE}:fail`);
      expect(root.status).toEqual({ code: 2, message: '' });
      expect(root.attributes).toMatchObject({ 'error.type': 'RangeError', 'query_lens.unit.kind': 'job' });
    });

    it('is none where none is wanted', async () => {
      await run('send', false);
      expect(tree(await sdk.exported())).toEqual(['CLIENT SELECT "author"']);
    });
  });
});
