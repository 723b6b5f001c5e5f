import {
  ForbiddenException,
  HttpException,
  Injectable,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { addressOf, type AdminRequest } from './admin-request.js';
import { whyForeign } from './foreign-request.js';
import { TokenBuckets } from './token-bucket.js';

const HEADERS = {
  'Cache-Control': 'no-store',
  'X-Robots-Tag': 'noindex',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
} as const;

const RATE = { burst: 100, perSecond: 20 };
const TOO_MANY = 429;

/** The first guard of every route: sets the headers, so that refusals carry them too; refuses other sites, and too many requests. */
@Injectable()
export class AdminDoorGuard implements CanActivate {
  private readonly requests = new TokenBuckets(RATE);

  constructor(private readonly host: HttpAdapterHost) {}

  canActivate(context: ExecutionContext): boolean {
    const http = context.switchToHttp();
    const request = http.getRequest<AdminRequest>();
    const response = http.getResponse<unknown>();
    for (const [name, value] of Object.entries(HEADERS))
      this.host.httpAdapter.setHeader(response, name, value);
    if (!this.requests.take(addressOf(request), Date.now())) {
      this.host.httpAdapter.setHeader(response, 'Retry-After', '1');
      throw new HttpException('Too many requests.', TOO_MANY);
    }
    const why = whyForeign(request);
    if (why !== undefined) throw new ForbiddenException(why);
    return true;
  }
}
