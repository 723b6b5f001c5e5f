import { randomBytes } from 'node:crypto';
import { Get, Inject, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { contentSecurityPolicy, renderPage } from '../report/page/render-page.js';

/** The page itself. It says nothing of the application: who has no token yet may see it. */
export abstract class AdminPageController {
  constructor(@Inject(HttpAdapterHost) private readonly host: HttpAdapterHost) {}

  @Get()
  page(@Res() response: unknown): void {
    const { httpAdapter } = this.host;
    const nonce = randomBytes(18).toString('base64url');
    // In the place of what Helmet may have set.
    httpAdapter.setHeader(response, 'Content-Security-Policy', contentSecurityPolicy(nonce, 'self'));
    httpAdapter.setHeader(response, 'Content-Type', 'text/html; charset=utf-8');
    httpAdapter.reply(response, renderPage({ nonce }), 200);
  }
}
