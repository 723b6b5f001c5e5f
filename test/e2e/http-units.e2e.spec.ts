import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  BadRequestException,
  Body,
  type CallHandler,
  type CanActivate,
  Catch,
  Controller,
  type ExceptionFilter,
  type ArgumentsHost,
  type ExecutionContext,
  Get,
  Header,
  HttpException,
  Injectable,
  type MiddlewareConsumer,
  Module,
  type NestInterceptor,
  type NestMiddleware,
  Param,
  type PipeTransform,
  Post,
  StreamableFile,
  UseFilters,
  UseGuards,
  UseInterceptors,
  VersioningType,
  Version,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { EventEmitter, once } from 'node:events';
import { get as httpGet } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { from, mergeMap, type Observable } from 'rxjs';
import { DataSource } from 'typeorm';
import { type Platform, type RunningApp, startApp } from './start-app.js';

/** Tells the test how far the slow handler is. */
const slow = new EventEmitter();

/** Runs a statement that says who ran it. */
function ask(dataSource: DataSource, who: string): Promise<unknown> {
  return dataSource.query(`SELECT ${who}.id FROM author ${who}`);
}

/** Who ran the statements of a unit: the aliases. */
function askers(unit: { statements: readonly { statement: string }[] } | undefined): (string | undefined)[] {
  return (unit?.statements ?? []).map(({ statement }) => /(\w+)\.id/.exec(statement)?.[1]);
}

@Injectable()
class AskingMiddleware implements NestMiddleware {
  constructor(private readonly dataSource: DataSource) {}

  use(_request: unknown, _response: unknown, next: () => void): void {
    void ask(this.dataSource, 'middleware').then(() => {
      next();
    });
  }
}

@Injectable()
class AskingGuard implements CanActivate {
  constructor(private readonly dataSource: DataSource) {}

  async canActivate(): Promise<boolean> {
    await ask(this.dataSource, 'guard');
    return true;
  }
}

@Injectable()
class AskingPipe implements PipeTransform {
  constructor(private readonly dataSource: DataSource) {}

  async transform(value: unknown): Promise<unknown> {
    await ask(this.dataSource, 'pipe');
    return value;
  }
}

@Injectable()
class AskingInterceptor implements NestInterceptor {
  constructor(private readonly dataSource: DataSource) {}

  async intercept(_context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    await ask(this.dataSource, 'before');
    return next.handle().pipe(mergeMap((value) => from(ask(this.dataSource, 'after').then(() => value))));
  }
}

@Catch(BadRequestException)
class AskingFilter implements ExceptionFilter {
  constructor(
    private readonly dataSource: DataSource,
    private readonly host: HttpAdapterHost,
  ) {}

  async catch(error: HttpException, host: ArgumentsHost): Promise<void> {
    await ask(this.dataSource, 'filter');
    this.host.httpAdapter.reply(host.switchToHttp().getResponse(), {}, error.getStatus());
  }
}

@Controller('authors')
class AuthorsController {
  constructor(private readonly dataSource: DataSource) {}

  @Post()
  @UseGuards(AskingGuard)
  @UseInterceptors(AskingInterceptor)
  async create(@Body(AskingPipe) _body: unknown): Promise<string> {
    await ask(this.dataSource, 'handler');
    return 'created';
  }

  @Get('late')
  late(): string {
    void sleep(60).then(() => ask(this.dataSource, 'late'));
    return 'soon';
  }

  @Get('stream')
  stream(): StreamableFile {
    const { dataSource } = this;
    async function* chunks() {
      yield 'a';
      await sleep(20);
      await ask(dataSource, 'stream');
      yield 'b';
    }
    return new StreamableFile(Readable.from(chunks(), { objectMode: false }));
  }

  @Get('slow')
  async slow(): Promise<string> {
    await ask(this.dataSource, 'early');
    slow.emit('asked');
    await sleep(1_000);
    return 'done';
  }

  @Get('bad')
  @UseFilters(AskingFilter)
  bad(): never {
    throw new BadRequestException();
  }

  @Get(':id')
  async find(@Param('id') id: string): Promise<string> {
    for (let time = 0; time < 3; time++) {
      await ask(this.dataSource, `a${id}`);
      await sleep(Math.random() * 5);
    }
    return id;
  }

  @Version('2')
  @Get(':id/books')
  @Header('x-version', '2')
  async books(): Promise<string> {
    await ask(this.dataSource, 'books');
    return 'books';
  }
}

@Module({ controllers: [AuthorsController] })
class AuthorsModule {
  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(AskingMiddleware).forRoutes(AuthorsController);
  }
}

describe.each<Platform>(['express', 'fastify'])('an HTTP request on %s', (platform) => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await startApp({
      platform,
      imports: [AuthorsModule],
      configure: (app) =>
        app.setGlobalPrefix('api').enableVersioning({ type: VersioningType.URI, defaultVersion: '1' }),
    });
  });

  afterAll(() => running.app.close());

  /** The last unit whose name ends so. */
  async function lastUnit(name: string, isAfterResponse = false) {
    for (let attempt = 0; ; attempt++) {
      const unit = (await running.units())
        .filter((one) => one.name === name && (one.isAfterResponse ?? false) === isAfterResponse)
        .at(-1);
      if (unit !== undefined || attempt === 500) return unit;
      await sleep(20);
    }
  }

  it('has middlewares, guards, interceptors and pipes inside its unit, after the body has been read', async () => {
    expect((await running.post('/api/v1/authors', { name: 'x'.repeat(50_000) })).status).toBe(201);
    const unit = await lastUnit('POST /api/v1/authors');
    expect(askers(unit)).toEqual(['middleware', 'guard', 'before', 'pipe', 'handler', 'after']);
    expect(unit).toMatchObject({ kind: 'http', status: 201 });
  });

  it('has exception filters inside its unit', async () => {
    expect((await running.get('/api/v1/authors/bad')).status).toBe(400);
    expect(askers(await lastUnit('GET /api/v1/authors/bad'))).toEqual(['middleware', 'filter']);
  });

  it('is named by its route template, prefix and version included', async () => {
    await running.get('/api/v2/authors/7/books?secret=1');
    await running.get('/api/v1/authors/7?secret=1');
    const names = (await running.units()).map(({ name }) => name);
    expect(names).toContain('GET /api/v2/authors/:id/books');
    expect(names).toContain('GET /api/v1/authors/:id');
    expect(names.join()).not.toMatch(/secret|7/);
  });

  it('is GET (no route) when nothing answers', async () => {
    expect((await running.get('/api/v1/nothing/here')).status).toBe(404);
    expect((await running.get('/outside')).status).toBe(404);
    const { routes } = await running.lens.report();
    expect(routes.map(({ route }) => route)).toContain('GET (no route)');
    expect(JSON.stringify(routes)).not.toMatch(/nothing|outside/);
  });

  it('never mixes with 200 others at the same time', async () => {
    await running.lens.reset();
    await Promise.all(Array.from({ length: 200 }, (_, id) => running.get(`/api/v1/authors/${String(id)}`)));
    const units = await running.units();
    expect(units).toHaveLength(100);
    for (const unit of units) {
      expect(unit.queries).toBe(4);
      expect(new Set(askers(unit)).size).toBe(2);
    }
    expect(new Set(units.map((unit) => askers(unit)[1])).size).toBe(100);
  });

  it('ends when the response has been sent, not when the handler returns', async () => {
    expect(await (await running.get('/api/v1/authors/stream')).text()).toBe('ab');
    const unit = await lastUnit('GET /api/v1/authors/stream');
    expect(askers(unit)).toEqual(['middleware', 'stream']);
    expect(unit?.isAfterResponse).toBeUndefined();
    expect(unit?.statements[0]?.isAfterResponse).toBeUndefined();
  });

  it('keeps work after the response under its name, marked', async () => {
    await running.get('/api/v1/authors/late');
    const unit = await lastUnit('GET /api/v1/authors/late', true);
    expect(askers(unit)).toEqual(['late']);
    expect(unit).toMatchObject({ isAfterResponse: true });
    expect(unit?.statements[0]).toMatchObject({ isAfterResponse: true });
  });

  it('is aborted when the client goes away', async () => {
    const request = httpGet(`${running.url}/api/v1/authors/slow`, { agent: false });
    request.on('error', () => undefined);
    await once(slow, 'asked');
    request.destroy();
    expect(await lastUnit('GET /api/v1/authors/slow')).toMatchObject({ isAborted: true });
  });

  it('gets its statements out of the bootstrap and background units', async () => {
    const ambient = (await running.lens.units()).filter(
      ({ kind }) => kind === 'bootstrap' || kind === 'background',
    );
    expect(ambient).toEqual([]);
  });
});
