import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { createAdapter } from './adapter.js';
import { checks } from './checks.js';
import { prepareNeighbours } from './neighbours.js';
import { runCheck, writeResults } from './results.js';
import { runHost } from './running-host.js';
import { untouchedMethods } from './wrapped-methods.js';

/** The application as `node dist/main.js`. */
async function main(): Promise<void> {
  const untouched = await untouchedMethods();
  prepareNeighbours();
  const { AppModule } = await import('./app.module.js');
  const app = await NestFactory.create(AppModule, createAdapter(), { logger: false, abortOnError: false });
  const host = await runHost(app, untouched);
  for (const check of checks) await runCheck(check, host).catch(() => undefined);
  writeResults();
}

void main();
