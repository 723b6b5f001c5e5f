import { expect, it } from '@jest/globals';
import { BullModule, getQueueToken, OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { type Job, type Queue, QueueEvents } from 'bullmq';
import { randomUUID } from 'node:crypto';
import { describeWith } from '../../databases.js';
import { startApp } from '../start-app.js';
import { Asks, statements, unitNames } from './asks.js';

const QUEUE = `mail-${randomUUID()}`;

@Processor(QUEUE, { concurrency: 20 })
class MailProcessor extends WorkerHost {
  constructor(private readonly asks: Asks) {
    super();
  }

  async process(job: Job<string>): Promise<string> {
    await this.asks.ask(job.data);
    if (job.name === 'fail') throw new RangeError('no such address');
    return this.asks.ask(job.data);
  }

  @OnWorkerEvent('failed')
  async onFailed(): Promise<void> {
    await this.asks.ask('failed');
  }
}

describeWith('redis', (url) => {
  it('runs each job of a BullMQ queue as a unit of work, failing ones too', async () => {
    const { hostname: host, port } = new URL(url);
    const connection = { host, port: Number(port || 6379), maxRetriesPerRequest: null };
    const running = await startApp({
      imports: [BullModule.forRoot({ connection }), BullModule.registerQueue({ name: QUEUE })],
      providers: [Asks, MailProcessor],
    });
    const queue = running.app.get<Queue>(getQueueToken(QUEUE), { strict: false });
    const events = new QueueEvents(QUEUE, { connection });
    await events.waitUntilReady();
    try {
      const send = await queue.add('send', 'anna');
      expect(await send.waitUntilFinished(events)).toBe('anna');
      await (await queue.add('remind-4711', 'bert')).waitUntilFinished(events);
      const failing = await queue.add('fail', 'nobody');
      await expect(failing.waitUntilFinished(events)).rejects.toThrow('no such address');
      expect((await unitNames(running, 4)).slice(0, 4)).toEqual([
        `job ${QUEUE}:send x2`,
        `job ${QUEUE}:remind-* x2`,
        `job ${QUEUE}:fail x1`,
        'event-listener MailProcessor.onFailed x1',
      ]);
      await running.lens.reset();
      await queue.addBulk(
        Array.from({ length: 50 }, (_, id) => ({ name: 'send', data: `to_${String(id)}` })),
      );
      await unitNames(running, 50);
      const asked = await statements(running);
      expect(asked).toHaveLength(50);
      expect(asked.every(([first, second]) => first === second)).toBe(true);
    } finally {
      await queue.obliterate({ force: true });
      await events.close();
      await running.app.close();
    }
  });
});
