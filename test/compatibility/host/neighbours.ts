import type { DynamicModule, INestApplication } from '@nestjs/common';
import type { TypeOrmModuleAsyncOptions } from '@nestjs/typeorm';
import type { Check } from './check.js';

/** Other libraries in the application, and what they want of its data source: here none. */
export const neighbourModules: DynamicModule[] = [];
export const databaseOptions: Partial<TypeOrmModuleAsyncOptions> = {};
export const neighbourChecks: readonly Check[] = [];
/** When the application is closed. */
export const closedChecks: readonly Check[] = [];

/** Before the application's module is imported. */
export function prepareNeighbours(): void {
  return;
}

export function configureNeighbours(_app: INestApplication): void {
  return;
}
