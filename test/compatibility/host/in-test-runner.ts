import 'reflect-metadata';
import { Test } from '@nestjs/testing';
import { createAdapter } from './adapter.js';
import { checks } from './checks.js';
import { prepareNeighbours } from './neighbours.js';
import { runCheck, writeResults } from './results.js';
import { runHost, type RunningHost } from './running-host.js';
import { untouchedMethods } from './wrapped-methods.js';

/** Jest and Vitest both have these as globals. */
declare function it(name: string, work: () => Promise<void>): void;
declare function beforeAll(work: () => Promise<void>): void;
declare function afterAll(work: () => void): void;

let host: RunningHost | undefined;

beforeAll(async () => {
  const untouched = await untouchedMethods();
  prepareNeighbours();
  const { AppModule } = await import('./app.module.js');
  const module = await Test.createTestingModule({ imports: [AppModule] }).compile();
  host = await runHost(module.createNestApplication(createAdapter(), { logger: false }), untouched);
});

afterAll(writeResults);

for (const check of checks) it(check.name, () => runCheck(check, host));
