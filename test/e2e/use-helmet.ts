import fastifyHelmet from '@fastify/helmet';
import type { INestApplication } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import helmet from 'helmet';
import type { Platform } from './start-app.js';

/** Helmet as its documentation shows it, with everything that it sets by default. */
export function useHelmet(app: INestApplication, platform: Platform): void {
  if (platform === 'express') app.use(helmet());
  else void (app as NestFastifyApplication).register(fastifyHelmet);
}
