import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Injectable, Post } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule, OnEvent } from '@nestjs/event-emitter';
import { Cron, CronExpression, Interval, ScheduleModule, Timeout } from '@nestjs/schedule';
import { QueryLensService } from 'nestjs-query-lens';
import { setTimeout as sleep } from 'node:timers/promises';
import { createApp, type RunningApp, startApp } from '../start-app.js';
import { Asks, unitNames } from './asks.js';

@Injectable()
class Housekeeping {
  constructor(protected readonly asks: Asks) {}

  @Interval(100)
  async sweep(): Promise<void> {
    await this.asks.ask('sweep');
  }
}

@Injectable()
class ReportsService extends Housekeeping {
  @Cron(CronExpression.EVERY_SECOND)
  async nightly(): Promise<void> {
    await this.asks.ask('nightly');
    await sleep(1);
    await this.asks.ask('nightly');
  }

  @Timeout(1_500)
  async warmUp(): Promise<void> {
    await this.asks.ask('warm_up');
    throw new RangeError('caught and logged by the scheduler');
  }
}

@Injectable()
class OrdersListener {
  /** Listeners wait for it in their middle. */
  gate = Promise.resolve();

  constructor(private readonly asks: Asks) {}

  @OnEvent('order.created')
  async onCreated(): Promise<void> {
    await this.asks.ask('at_once');
    await this.gate;
    await this.asks.ask('afterwards');
  }
}

@Controller()
class OrdersController {
  constructor(
    private readonly asks: Asks,
    private readonly events: EventEmitter2,
    private readonly reports: ReportsService,
  ) {}

  @Post('orders')
  async create(): Promise<void> {
    await this.asks.ask('order');
    this.events.emit('order.created');
    await sleep(5);
  }

  @Post('emitted-late')
  emitLate(): void {
    setTimeout(() => this.events.emit('order.created'), 100);
  }

  @Post('report')
  report(): Promise<void> {
    return this.reports.nightly();
  }
}

describe('scheduled work', () => {
  it('is a unit of work for each run, named by its kind and method', async () => {
    const app = await createApp({
      imports: [ScheduleModule.forRoot(), EventEmitterModule.forRoot()],
      providers: [Asks, ReportsService],
    });
    await app.init();
    const seen = new Set<string>();
    for (const untilMs = Date.now() + 10_000; seen.size < 3 && Date.now() < untilMs;) {
      for (const { kind, name, queries } of await app.get(QueryLensService).units())
        if (kind !== 'bootstrap') seen.add(`${kind}: ${name} x${String(queries)}`);
      await sleep(100);
    }
    await app.close();
    expect([...seen].sort()).toEqual([
      'cron: cron ReportsService.nightly x2',
      'interval: interval ReportsService.sweep x1',
      'timeout: timeout ReportsService.warmUp x1',
    ]);
  });
});

describe('an event listener', () => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await startApp({
      imports: [
        EventEmitterModule.forRoot(),
        ScheduleModule.forRoot({ intervals: false, cronJobs: false, timeouts: false }),
      ],
      providers: [Asks, OrdersListener, ReportsService],
      controllers: [OrdersController],
    });
  });

  afterAll(() => running.app.close());

  it('works for the unit that emitted the event, and after it', async () => {
    const listener = running.app.get(OrdersListener);
    let open: () => void = () => undefined;
    listener.gate = new Promise((resolve) => {
      open = resolve;
    });
    await running.post('/orders', {});
    expect(await unitNames(running, 1)).toEqual(['POST /orders x2']);
    open();
    await unitNames(running, 2);
    const [, late] = await running.units();
    expect(late).toMatchObject({ name: 'POST /orders', queries: 1, isAfterResponse: true });
  });

  it('works for a unit that has ended, marked', async () => {
    await running.lens.reset();
    await running.post('/emitted-late', {});
    await unitNames(running, 1);
    for (const { name, isAfterResponse } of await running.units())
      expect([name, isAfterResponse]).toEqual(['POST /emitted-late', true]);
  });

  it('is a unit of its own where nobody else is', async () => {
    await running.lens.reset();
    running.app.get(EventEmitter2).emit('order.created');
    expect(await unitNames(running, 1)).toEqual(['event-listener OrdersListener.onCreated x2']);
  });

  it('leaves a cron method that a request calls with the request', async () => {
    await running.lens.reset();
    await running.post('/report', {});
    expect(await unitNames(running, 1)).toEqual(['POST /report x2']);
  });
});
