import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Controller, Post } from '@nestjs/common';
import {
  CommandBus,
  CommandHandler,
  CqrsModule,
  EventBus,
  EventsHandler,
  type ICommandHandler,
  type IEventHandler,
  type IQueryHandler,
  QueryBus,
  QueryHandler,
} from '@nestjs/cqrs';
import { Observe } from 'nestjs-query-lens';
import { type RunningApp, startApp } from '../start-app.js';
import { Asks, unitNames } from './asks.js';

class CreateOrder {
  readonly of = 'anna';
}
class CountOrders {
  readonly of = 'anna';
}
class OrderCreated {
  readonly of = 'anna';
}

@CommandHandler(CreateOrder)
class CreateOrderHandler implements ICommandHandler<CreateOrder> {
  constructor(private readonly asks: Asks) {}

  execute(): Promise<string> {
    return this.asks.ask('create');
  }
}

@QueryHandler(CountOrders)
class CountOrdersHandler implements IQueryHandler<CountOrders> {
  constructor(private readonly asks: Asks) {}

  @Observe('how-many')
  execute(): Promise<string> {
    return this.asks.ask('count');
  }
}

@EventsHandler(OrderCreated)
class SendReceipt implements IEventHandler<OrderCreated> {
  constructor(private readonly asks: Asks) {}

  async handle(): Promise<void> {
    await this.asks.ask('receipt');
  }
}

@Controller()
class OrdersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly events: EventBus,
  ) {}

  @Post('orders')
  async create(): Promise<void> {
    await this.commands.execute(new CreateOrder());
    this.events.publish(new OrderCreated());
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('a CQRS handler', () => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await startApp({
      imports: [CqrsModule.forRoot()],
      providers: [Asks, CreateOrderHandler, CountOrdersHandler, SendReceipt],
      controllers: [OrdersController],
    });
  });

  beforeEach(() => running.lens.reset());

  afterAll(() => running.app.close());

  it('is a unit of its own where nobody else is, with the name that @Observe gives it', async () => {
    expect(await running.app.get(CommandBus).execute(new CreateOrder())).toBe('create');
    expect(await running.app.get(QueryBus).execute(new CountOrders())).toBe('count');
    running.app.get(EventBus).publish(new OrderCreated());
    expect(await unitNames(running, 3)).toEqual([
      'command-handler CreateOrder x1',
      'how-many x1',
      'event-handler SendReceipt x1',
    ]);
  });

  it('stays part of the request that sent it', async () => {
    await running.post('/orders', {});
    expect(await unitNames(running, 1)).toEqual(['POST /orders x2']);
  });
});
