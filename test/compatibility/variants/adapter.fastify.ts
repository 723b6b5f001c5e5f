import type { AbstractHttpAdapter } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

export function createAdapter(): AbstractHttpAdapter {
  return new FastifyAdapter() as unknown as AbstractHttpAdapter;
}
