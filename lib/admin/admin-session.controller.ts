import { Delete, Inject, Post, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { isSecure, type AdminRequest } from './admin-request.js';
import type { AdminSession } from './admin-session.js';

const NO_CONTENT = 204;

/** Exists only with a token, whose guard has let the request pass. */
export abstract class AdminSessionController {
  protected abstract readonly session: AdminSession;

  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  @Post('session')
  begin(@Req() request: AdminRequest, @Res() response: unknown): void {
    this.answer(response, this.session.begin(Date.now(), isSecure(request)));
  }

  @Delete('session')
  end(@Req() request: AdminRequest, @Res() response: unknown): void {
    this.answer(response, this.session.end(isSecure(request)));
  }

  private answer(response: unknown, cookie: string): void {
    this.host.httpAdapter.setHeader(response, 'Set-Cookie', cookie);
    this.host.httpAdapter.reply(response, undefined, NO_CONTENT);
  }
}
