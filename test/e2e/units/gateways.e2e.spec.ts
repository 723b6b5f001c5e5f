import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { IoAdapter } from '@nestjs/platform-socket.io';
import { WsAdapter } from '@nestjs/platform-ws';
import { MessageBody, SubscribeMessage, WebSocketGateway, type WsResponse } from '@nestjs/websockets';
import { setTimeout as sleep } from 'node:timers/promises';
import { concatMap, from, type Observable } from 'rxjs';
import { io, type Socket } from 'socket.io-client';
import { WebSocket } from 'ws';
import { type RunningApp, startApp } from '../start-app.js';
import { Asks, statements, unitNames } from './asks.js';

@WebSocketGateway()
class ChatGateway {
  constructor(private readonly asks: Asks) {}

  async handleConnection(): Promise<void> {
    await this.asks.ask('hello');
  }

  @SubscribeMessage('chat.send')
  async send(@MessageBody() text: string): Promise<WsResponse> {
    await this.asks.ask(text);
    await sleep(text.length);
    return { event: 'sent', data: await this.asks.ask(text) };
  }

  @SubscribeMessage('chat.history')
  history(): Observable<WsResponse> {
    return from(['one', 'two', 'three']).pipe(
      concatMap(async (what) => ({ event: 'line', data: await this.asks.ask(what) })),
    );
  }
}

@WebSocketGateway({ namespace: '/admin' })
class AdminGateway {
  constructor(private readonly asks: Asks) {}

  @SubscribeMessage('chat.send')
  send(): Promise<string> {
    return this.asks.ask('admin');
  }
}

describe('a message to a gateway with ws', () => {
  let running: RunningApp;
  let socket: WebSocket;

  beforeAll(async () => {
    running = await startApp({
      providers: [Asks, ChatGateway],
      configure: (app) => app.useWebSocketAdapter(new WsAdapter(app)),
    });
    socket = new WebSocket(running.url.replace('http', 'ws').replace('[::1]', 'localhost'));
    await new Promise((resolve) => socket.once('open', resolve));
  });

  afterAll(async () => {
    socket.close();
    await running.app.close();
  });

  const answers = (count: number) =>
    new Promise<unknown[]>((resolve) => {
      const received: unknown[] = [];
      socket.on('message', (message: Buffer) => {
        received.push((JSON.parse(message.toString()) as WsResponse).data);
        if (received.length < count) return;
        socket.removeAllListeners('message');
        resolve(received);
      });
    });
  const send = (event: string, data: unknown) => {
    socket.send(JSON.stringify({ event, data }));
  };

  it('is a unit of work, and so is the connection', async () => {
    expect(await unitNames(running, 1)).toEqual(['websocket ChatGateway.handleConnection x1']);
    await running.lens.reset();
    send('chat.send', 'hey');
    expect(await answers(1)).toEqual(['hey']);
    expect(await running.units()).toMatchObject([
      { kind: 'websocket', name: 'websocket chat.send', queries: 2 },
    ]);
  });

  it('lasts as long as the observable that it answers with', async () => {
    await running.lens.reset();
    send('chat.history', '');
    expect(await answers(3)).toEqual(['one', 'two', 'three']);
    expect(await unitNames(running, 1)).toEqual(['websocket chat.history x3']);
  });

  it('never mixes with 50 others on the same socket', async () => {
    await running.lens.reset();
    const texts = Array.from({ length: 50 }, (_, id) => `text_${String(id)}`);
    const all = answers(50);
    for (const text of texts) send('chat.send', text);
    await all;
    await unitNames(running, 50);
    const asked = await statements(running);
    expect(asked).toHaveLength(50);
    expect(asked.every(([first, second]) => first === second)).toBe(true);
  });
});

describe('a message to a gateway with socket.io', () => {
  let running: RunningApp;
  let sockets: Socket[];

  beforeAll(async () => {
    running = await startApp({
      providers: [Asks, ChatGateway, AdminGateway],
      configure: (app) => app.useWebSocketAdapter(new IoAdapter(app)),
    });
    sockets = ['', '/admin'].map((namespace) => io(running.url.replace('[::1]', 'localhost') + namespace));
    await Promise.all(
      sockets.map(
        (socket) =>
          new Promise<void>((resolve) =>
            socket.once('connect', () => {
              resolve();
            }),
          ),
      ),
    );
    await unitNames(running, 1);
  });

  beforeEach(() => running.lens.reset());

  afterAll(async () => {
    sockets.forEach((socket) => socket.close());
    await running.app.close();
  });

  it('is a unit of work', async () => {
    const answer = new Promise((resolve) => sockets[0]?.once('sent', resolve));
    sockets[0]?.emit('chat.send', 'hey');
    expect(await answer).toBe('hey');
    expect(await unitNames(running, 1)).toEqual(['websocket chat.send x2']);
  });

  it('is named with its namespace', async () => {
    expect(await sockets[1]?.emitWithAck('chat.send', '')).toBe('admin');
    expect(await unitNames(running, 1)).toEqual(['websocket /admin chat.send x1']);
  });
});
