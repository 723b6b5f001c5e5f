import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type CanActivate, Controller, Injectable, Scope, UseGuards } from '@nestjs/common';
import {
  type ClientProxy,
  ClientProxyFactory,
  Ctx,
  EventPattern,
  MessagePattern,
  Payload,
  TcpContext,
  Transport,
} from '@nestjs/microservices';
import type { AddressInfo, Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { concatMap, defer, firstValueFrom, from, lastValueFrom, type Observable, toArray } from 'rxjs';
import { type RunningApp, startApp } from '../start-app.js';
import { Asks, statements, unitNames } from './asks.js';

@Injectable()
class OrdersGuard implements CanActivate {
  constructor(private readonly asks: Asks) {}

  async canActivate(): Promise<boolean> {
    await this.asks.ask('guard');
    return true;
  }
}

@Controller()
class OrdersConsumer {
  constructor(private readonly asks: Asks) {}

  @MessagePattern('orders.created')
  async created(@Payload() id: number, @Ctx() _context: TcpContext): Promise<string> {
    await this.asks.ask(`order_${String(id)}`);
    await sleep(id % 7);
    return this.asks.ask(`order_${String(id)}`);
  }

  @MessagePattern({ cmd: 'stream' })
  stream(): Observable<string> {
    return from(['a', 'b', 'c']).pipe(concatMap((what) => this.asks.ask(what)));
  }

  @MessagePattern('orders.later')
  async later(): Promise<Observable<string>> {
    await this.asks.ask('before');
    return defer(() => this.asks.ask('after'));
  }

  @MessagePattern('orders.fail')
  async fail(): Promise<never> {
    await this.asks.ask('fail');
    throw new RangeError('no such order');
  }

  @UseGuards(OrdersGuard)
  @MessagePattern('orders.guarded')
  guarded(): Promise<string> {
    return this.asks.ask('inside');
  }

  @EventPattern(['orders.paid', 'orders.refunded'])
  async paid(): Promise<void> {
    await this.asks.ask('paid');
  }
}

@Controller({ scope: Scope.REQUEST })
class ScopedConsumer {
  constructor(private readonly asks: Asks) {}

  @MessagePattern('scoped')
  scoped(): Promise<string> {
    return this.asks.ask('scoped');
  }
}

describe('a message', () => {
  let running: RunningApp;
  let client: ClientProxy;
  const ownMethod = OrdersConsumer.prototype.created;

  beforeAll(async () => {
    running = await startApp({ providers: [Asks], controllers: [OrdersConsumer, ScopedConsumer] });
    const microservice = running.app.connectMicroservice({
      transport: Transport.TCP,
      options: { host: '127.0.0.1', port: 0 },
    });
    await running.app.startAllMicroservices();
    const { port } = microservice.unwrap<Server>().address() as AddressInfo;
    client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port } });
    await client.connect();
  });

  beforeEach(() => running.lens.reset());

  afterAll(async () => {
    await client.close();
    await running.app.close();
  });

  it('is a unit of work named by its pattern', async () => {
    expect(await firstValueFrom(client.send('orders.created', 1))).toBe('order_1');
    expect(await running.units()).toMatchObject([
      { kind: 'message', name: 'message orders.created', queries: 2 },
    ]);
  });

  it('lasts as long as the observable that it answers with', async () => {
    expect(await lastValueFrom(client.send({ cmd: 'stream' }, '').pipe(toArray()))).toEqual(['a', 'b', 'c']);
    expect(await unitNames(running, 1)).toEqual(['message {"cmd":"stream"} x3']);
  });

  it('lasts as long as an observable that it promised', async () => {
    expect(await lastValueFrom(client.send('orders.later', ''))).toBe('after');
    expect(await unitNames(running, 1)).toEqual(['message orders.later x2']);
  });

  it('reports, and fails as before, when its handler fails', async () => {
    await expect(firstValueFrom(client.send('orders.fail', ''))).rejects.toMatchObject({ status: 'error' });
    expect(await unitNames(running, 1)).toEqual(['message orders.fail x1']);
  });

  it('begins after its guards, whose statements are in the background with their place', async () => {
    expect(await firstValueFrom(client.send('orders.guarded', ''))).toBe('inside');
    expect(await unitNames(running, 1)).toEqual(['message orders.guarded x1']);
    const background = (await running.lens.units()).filter(({ kind }) => kind === 'background');
    expect(background).toMatchObject([
      { name: 'background', statements: [{ callSite: { file: expect.stringContaining('asks.ts') } }] },
    ]);
  });

  it('may be an event', async () => {
    await lastValueFrom(client.emit('orders.refunded', {}), { defaultValue: undefined });
    expect(await unitNames(running, 1)).toEqual(['event orders.paid|orders.refunded x1']);
  });

  it('may be handled by an instance made for it', async () => {
    expect(await firstValueFrom(client.send('scoped', ''))).toBe('scoped');
    expect(await unitNames(running, 1)).toEqual(['message scoped x1']);
  });

  it('never mixes with 50 others at the same time', async () => {
    const ids = Array.from({ length: 50 }, (_, id) => id);
    await Promise.all(ids.map((id) => firstValueFrom(client.send('orders.created', id))));
    await unitNames(running, 50);
    const asked = await statements(running);
    expect(asked).toHaveLength(50);
    expect(asked.every(([first, second]) => first === second)).toBe(true);
    expect(new Set(asked.map(([first]) => first)).size).toBe(50);
  });

  it('leaves the metadata, name and length of its handler', () => {
    const { created } = OrdersConsumer.prototype;
    expect(created).not.toBe(ownMethod);
    expect([created.name, created.length]).toEqual(['created', 2]);
    const keys = (method: object) => [...(Reflect.getMetadataKeys(method) as string[])].sort();
    expect(keys(created)).toEqual(keys(ownMethod));
    for (const key of keys(ownMethod))
      expect(Reflect.getMetadata(key, created)).toBe(Reflect.getMetadata(key, ownMethod));
  });
});

describe('closing the application', () => {
  it('takes the wrappers off its handlers, when no other application has them', async () => {
    const { created } = OrdersConsumer.prototype;
    const first = await startApp({ providers: [Asks], controllers: [OrdersConsumer] });
    const second = await startApp({ providers: [Asks], controllers: [OrdersConsumer] });
    const wrapped = OrdersConsumer.prototype.created;
    expect(wrapped).not.toBe(created);
    await first.app.get(OrdersConsumer).created(1, {} as TcpContext);
    await second.app.get(OrdersConsumer).created(2, {} as TcpContext);
    await second.app.get(OrdersConsumer).created(3, {} as TcpContext);
    expect(await unitNames(first, 1)).toEqual(['message orders.created x2']);
    expect(await unitNames(second, 2)).toHaveLength(2);
    await first.app.close();
    expect(OrdersConsumer.prototype.created).toBe(wrapped);
    await second.app.get(OrdersConsumer).created(4, {} as TcpContext);
    expect(await unitNames(second, 3)).toHaveLength(3);
    await second.app.close();
    expect(OrdersConsumer.prototype.created).toBe(created);
  });
});
