import { describe, expect, it } from '@jest/globals';
import { startApp } from './start-app.js';

/** What Nest itself reads of every provider, and the proxies of nestjs-cls allow. */
const ALLOWED =
  /^(then|constructor|onModuleInit|onApplicationBootstrap|onModuleDestroy|(before|on)ApplicationShutdown)$/;

describe('beside other libraries', () => {
  it('starts with providers that may not be looked at outside of a request, as those of nestjs-cls', async () => {
    const closed = new Proxy(
      {},
      {
        get: (target, name) => {
          if (ALLOWED.test(String(name))) return Reflect.get(target, name);
          throw new Error(`${String(name)} was read outside of a request`);
        },
      },
    );
    const { app, lens } = await startApp({ providers: [{ provide: 'VISITOR', useFactory: () => closed }] });
    expect((await lens.report()).self.failures).toEqual([]);
    await app.close();
  });
});
