import type { INestApplication, ModuleMetadata, Type } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { TypeOrmModule, type TypeOrmModuleOptions } from '@nestjs/typeorm';
import { QueryLensModule, QueryLensService, type UnitView } from 'nestjs-query-lens';
import { DataSource } from 'typeorm';
import { Author, Book, fillLibrary } from './library.entities.js';

export type Platform = 'express' | 'fastify';

export const SQLJS: TypeOrmModuleOptions = { type: 'sqljs', entities: [Author, Book], synchronize: true };

export interface AppOptions extends ModuleMetadata {
  readonly platform?: Platform;
  /** `QueryLensModule.forRoot()` by default; stands first. */
  readonly lens?: NonNullable<ModuleMetadata['imports']>[number];
  /** The module of the default data source. */
  readonly database?: NonNullable<ModuleMetadata['imports']>[number];
  /** Rows of the default data source, which are forgotten. @defaultValue a library of three authors */
  readonly fill?: typeof fillLibrary;
  /** What main.ts does between creating the application and listening. */
  readonly configure?: (app: INestApplication) => void;
}

/** A small Nest application that listens on a free port. */
export interface RunningApp {
  readonly app: INestApplication;
  readonly lens: QueryLensService;
  readonly url: string;
  get(path: string, init?: RequestInit): Promise<Response>;
  post(path: string, body: unknown): Promise<Response>;
  /** Units that have statements, oldest first; `bootstrap` and `background` left out. */
  units(): Promise<UnitView[]>;
}

/** Starts it with its rows, whose statements are forgotten. */
export async function startApp(options: AppOptions = {}): Promise<RunningApp> {
  const app = await createApp(options);
  await app.listen(0);
  const url = await app.getUrl();
  const lens = app.get(QueryLensService);
  const dataSource = app.get(DataSource, { strict: false });
  if (dataSource.options.entities !== undefined) await (options.fill ?? fillLibrary)(dataSource.manager);
  await lens.reset();
  const send = async (path: string, init?: RequestInit) => {
    const response = await fetch(url + path, { ...init, redirect: 'manual' });
    // A body that nobody reads keeps its connection, and the application could not close.
    const { status, headers } = response;
    const text = await response.text();
    return new Response(status === 204 ? null : text, { status, headers });
  };
  return {
    app,
    lens,
    url,
    get: send,
    post: (path, body) =>
      send(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json' },
      }),
    units: async () => {
      const units = (await lens.units()).filter(({ kind }) => kind !== 'bootstrap' && kind !== 'background');
      return [...units].reverse();
    },
  };
}

export async function createApp(options: AppOptions): Promise<INestApplication> {
  const {
    platform = 'express',
    lens = QueryLensModule.forRoot(),
    database,
    configure,
    fill: _fill,
    ...metadata
  } = options;
  const library = database ?? TypeOrmModule.forRoot(SQLJS);
  const module = rootModule({ ...metadata, imports: [lens, library, ...(metadata.imports ?? [])] });
  const settings = { logger: false, abortOnError: false } as const;
  const app =
    platform === 'fastify'
      ? await NestFactory.create(module, new FastifyAdapter(), settings)
      : await NestFactory.create(module, settings);
  configure?.(app);
  return app;
}

/** A class of its own: modules are known by their class. */
function rootModule(metadata: ModuleMetadata): Type {
  @Module(metadata)
  class AppModule {}
  return AppModule;
}

/** Statements of a unit, shortened to what they do. */
export function summaries(unit: UnitView | undefined): string[] {
  return (unit?.statements ?? []).map(({ statement }) => statement);
}
