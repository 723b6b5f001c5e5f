import { HttpException, Inject, NotFoundException, Param, Post, Query, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { QueryLensService } from '../query-lens.service.js';
import { ACTION_NAMES, actionOf, type ActionTarget } from './admin-actions.js';
import { ADMIN_LOG, type AdminLog } from './admin-log.js';
import { addressOf, type AdminRequest } from './admin-request.js';
import { TokenBuckets } from './token-bucket.js';

const NO_CONTENT = 204;
const TOO_MANY = 429;

/** What costs a database something, for all readers together. */
const COSTLY = { burst: 10, perSecond: 0.2 };
const RETRY_SECONDS = 5;

/** Exists only where `allowActions` says so. Who did what is logged. */
export abstract class AdminActionsController {
  private readonly costly = new TokenBuckets(COSTLY);

  constructor(
    @Inject(QueryLensService) private readonly lens: QueryLensService,
    @Inject(HttpAdapterHost) private readonly host: HttpAdapterHost,
    @Inject(ADMIN_LOG) private readonly log: AdminLog,
  ) {}

  @Post('actions/:action')
  async act(
    @Param('action') name: string,
    @Query() query: Readonly<Record<string, unknown>>,
    @Req() request: AdminRequest,
    @Res() response: unknown,
  ): Promise<void> {
    const { httpAdapter } = this.host;
    const action = actionOf(name);
    if (action === undefined)
      throw new NotFoundException(`No action "${name}" (known: ${ACTION_NAMES.join(', ')}).`);
    if (action.isCostly === true && !this.costly.take('', Date.now())) {
      httpAdapter.setHeader(response, 'Retry-After', String(RETRY_SECONDS));
      throw new HttpException('Too many investigations. Try again in some seconds.', TOO_MANY);
    }
    const target = targetOf(query);
    const whyNot = await action.act(this.lens, target);
    if (whyNot !== undefined) throw new NotFoundException(whyNot);
    this.log.log(
      `${[name, target.fingerprint, target.dataSource, target.finding].filter((part) => part !== undefined).join(' ')} on the admin page, by ${addressOf(request)}`,
    );
    httpAdapter.reply(response, undefined, NO_CONTENT);
  }
}

const LONGEST = 200;

/** Texts of a sensible length, and nothing that could begin a new line of a log. */
function targetOf(query: Readonly<Record<string, unknown>>): ActionTarget {
  const names = ['fingerprint', 'dataSource', 'finding'] as const;
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = query[name];
      return typeof value === 'string' && value.length <= LONGEST && !/\p{Cc}/u.test(value)
        ? [[name, value]]
        : [];
    }),
  );
}
