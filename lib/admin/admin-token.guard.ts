import {
  HttpException,
  UnauthorizedException,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { addressOf, headerOf, type AdminRequest } from './admin-request.js';
import type { AdminSession } from './admin-session.js';
import { TokenBuckets } from './token-bucket.js';

/** Wrong tokens from one address: a person mistypes, a program guesses. */
const WRONG = { burst: 10, perSecond: 0.1 };
const TOO_MANY = 429;

/** Asks for `Authorization: Bearer <token>`, or for the session that one of those began. */
export class AdminTokenGuard implements CanActivate {
  private readonly wrong = new TokenBuckets(WRONG);

  constructor(private readonly session: AdminSession) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<AdminRequest>();
    const now = Date.now();
    if (this.session.isOpen(headerOf(request, 'cookie'), now)) return true;
    const [, given] = /^Bearer +(.+)$/i.exec(headerOf(request, 'authorization') ?? '') ?? [];
    if (given === undefined) throw new UnauthorizedException();
    // Before the token is looked at: else the answers would tell who guessed right.
    if (!this.wrong.hasLeft(addressOf(request), now))
      throw new HttpException('Too many wrong tokens. Try again in a minute.', TOO_MANY);
    if (this.session.isToken(given)) return true;
    this.wrong.take(addressOf(request), now);
    throw new UnauthorizedException();
  }
}
