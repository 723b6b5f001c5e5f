import {
  Get,
  HttpException,
  Inject,
  NotFoundException,
  type OnModuleDestroy,
  Param,
  Query,
  Req,
  Res,
  Sse,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Observable } from 'rxjs';
import { QueryLensService } from '../query-lens.service.js';
import { renderMarkdown } from '../report/render-markdown.js';
import type { Report } from '../report/report.js';
import { summarise } from '../report/summary.js';
import { possibleActions } from './admin-actions.js';
import type { AdminRequest } from './admin-request.js';
import { AdminEvents, type AdminEvent } from './admin-events.js';
import { openApiDocument } from './openapi.js';

const UNAVAILABLE = 503;

/**
 * The reports over HTTP. Its routes are in ADMIN_ROUTES; without a subclass made by adminControllers() they do not exist.
 * Answers are sent by hand: an interceptor of the application that wraps every response would change what readers expect.
 */
export abstract class AdminController implements OnModuleDestroy {
  /** What a reader may do besides reading. */
  protected abstract readonly actions: readonly string[];
  /** Whether a reader may have a session, and end it. */
  protected abstract readonly hasSession: boolean;
  private readonly live: AdminEvents;

  constructor(
    @Inject(QueryLensService) private readonly lens: QueryLensService,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
  ) {
    this.live = new AdminEvents({
      revision: () => lens.revision,
      summary: () => this.summaryNow(),
    });
  }

  onModuleDestroy(): void {
    this.live.close();
  }

  @Get('summary')
  async summary(@Res() response: unknown): Promise<void> {
    this.send(response, await this.summaryNow());
  }

  @Get('report')
  async report(@Query('format') format: unknown, @Res() response: unknown): Promise<void> {
    if (format === 'text') this.send(response, await this.lens.text(), 'text/plain');
    else this.send(response, await this.lens.reportJson());
  }

  @Get('report.md')
  async markdown(@Res() response: unknown): Promise<void> {
    this.send(response, renderMarkdown(await this.lens.report()), 'text/markdown');
  }

  @Get('routes')
  routes(@Res() response: unknown): Promise<void> {
    return this.part(response, ({ routes }) => routes);
  }

  @Get('loading-strategies')
  loadingStrategies(@Res() response: unknown): Promise<void> {
    return this.part(response, (report) => report.loadingStrategies);
  }

  @Get('slow-queries')
  slowQueries(@Res() response: unknown): Promise<void> {
    return this.part(response, (report) => report.slowQueries);
  }

  @Get('findings')
  findings(@Res() response: unknown): Promise<void> {
    return this.part(response, (report) => report.findings);
  }

  @Get('caches')
  caches(@Res() response: unknown): Promise<void> {
    return this.part(response, (report) => report.caches);
  }

  /** 503 where a data source is down, so that a probe need not read it. Never waits longer than a second. */
  @Get('health')
  async health(@Res() response: unknown): Promise<void> {
    const health = await this.lens.health();
    this.host.httpAdapter.status(response, health.status === 'down' ? 503 : 200);
    this.send(response, health);
  }

  @Get('pools')
  pools(@Res() response: unknown): Promise<void> {
    return this.part(response, (report) => report.pools);
  }

  @Get('replication')
  replication(@Res() response: unknown): Promise<void> {
    return this.part(response, (report) => report.replication);
  }

  @Get('transactions')
  transactions(@Res() response: unknown): Promise<void> {
    return this.part(response, (report) => report.transactions);
  }

  @Get('lock-conflicts')
  lockConflicts(@Res() response: unknown): Promise<void> {
    return this.part(response, (report) => report.lockConflicts);
  }

  @Get('self')
  self(@Res() response: unknown): Promise<void> {
    return this.part(response, (report) => report.self);
  }

  /** Without what their waterfalls are made of: a hundred of those would be megabytes. */
  @Get('units')
  async units(@Res() response: unknown): Promise<void> {
    const units = await this.lens.units();
    this.send(
      response,
      units.map(({ statements: _s, caches: _c, hydrations: _h, ...unit }) => unit),
    );
  }

  @Get('units/:id')
  async unit(@Param('id') id: string, @Res() response: unknown): Promise<void> {
    const unit = await this.lens.unit(id);
    if (unit === undefined)
      throw new NotFoundException('No such unit of work, or it has been replaced by newer ones.');
    this.send(response, unit);
  }

  @Get('openapi.json')
  openApi(@Res() response: unknown): void {
    this.send(response, openApiDocument());
  }

  @Sse('events')
  events(@Req() request: AdminRequest): Observable<AdminEvent> {
    if (this.live.isFull) throw new HttpException('Too many pages are open.', UNAVAILABLE);
    return this.live.follow(() => {
      request.socket?.destroySoon?.();
    });
  }

  private async summaryNow(): Promise<object> {
    const summary = summarise(await this.lens.report());
    const actions = possibleActions(this.actions, this.lens);
    const { isPaused, canVerifyLoading: verifiesLoading } = this.lens;
    return { ...summary, actions, hasSession: this.hasSession, isPaused, verifiesLoading };
  }

  private async part(response: unknown, of: (report: Report) => unknown): Promise<void> {
    this.send(response, of(await this.lens.report()));
  }

  private send(response: unknown, body: unknown, type = 'application/json'): void {
    const { httpAdapter } = this.host;
    httpAdapter.setHeader(response, 'Content-Type', `${type}; charset=utf-8`);
    httpAdapter.reply(response, typeof body === 'string' ? body : JSON.stringify(body), 200);
  }
}
