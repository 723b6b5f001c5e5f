import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Injectable, Scope, SetMetadata } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { Observe } from 'nestjs-query-lens';
import { setTimeout as sleep } from 'node:timers/promises';
import { defer, lastValueFrom, type Observable } from 'rxjs';
import { DataSource } from 'typeorm';
import { type RunningApp, startApp } from './start-app.js';

const Tagged = SetMetadata('tag', 'kept');
const TaggedToo = SetMetadata('tag-too', 'kept');

@Injectable()
class Jobs {
  constructor(private readonly dataSource: DataSource) {}

  @Observe('nightly-report')
  async report(what: string): Promise<string> {
    await this.ask();
    await sleep(5);
    await this.ask();
    return what;
  }

  @Tagged
  @Observe()
  @TaggedToo
  async fail(_one: number, _two: number): Promise<never> {
    await this.ask();
    throw new RangeError('failed as before');
  }

  @Observe()
  count(): number {
    return 42;
  }

  @Observe()
  stream(): Observable<unknown> {
    return defer(() => this.ask());
  }

  @Observe()
  async outer(): Promise<void> {
    await this.ask();
    await this.report('inner');
  }

  private ask(): Promise<unknown> {
    return this.dataSource.query('SELECT 1');
  }
}

@Injectable({ scope: Scope.TRANSIENT })
class TransientJobs extends Jobs {}

@Controller()
class JobsController {
  constructor(private readonly jobs: Jobs) {}

  @Get('now')
  now(): Promise<string> {
    return this.jobs.report('now');
  }
}

describe('an observed method', () => {
  let running: RunningApp;
  let jobs: Jobs;

  beforeAll(async () => {
    running = await startApp({ providers: [Jobs, TransientJobs], controllers: [JobsController] });
    jobs = running.app.get(Jobs);
  });

  afterAll(() => running.app.close());

  const lastUnit = async () => (await running.units()).at(-1);

  it('is a unit of work that ends with its promise', async () => {
    await expect(jobs.report('done')).resolves.toBe('done');
    expect(await lastUnit()).toMatchObject({ kind: 'observed', name: 'nightly-report', queries: 2 });
  });

  it('is named by class and method, and throws what it threw', async () => {
    await expect(jobs.fail(1, 2)).rejects.toThrow(new RangeError('failed as before'));
    expect(await lastUnit()).toMatchObject({ name: 'Jobs.fail', queries: 1 });
  });

  it('keeps the metadata, name and length that others read', () => {
    const { fail } = Jobs.prototype;
    expect([Reflect.getMetadata('tag', fail), Reflect.getMetadata('tag-too', fail)]).toEqual([
      'kept',
      'kept',
    ]);
    expect([fail.name, fail.length]).toEqual(['fail', 2]);
  });

  it('returns plain values as they are', async () => {
    expect(jobs.count()).toBe(42);
    const { routes } = await running.lens.report();
    expect(routes).toContainEqual(
      expect.objectContaining({ route: 'Jobs.count', kind: 'observed', units: 1 }),
    );
  });

  it('may return an observable, followed to its end', async () => {
    await lastValueFrom(jobs.stream());
    expect(await lastUnit()).toMatchObject({ name: 'Jobs.stream', queries: 1 });
  });

  it('stays part of the unit it is called in', async () => {
    await jobs.outer();
    expect(await lastUnit()).toMatchObject({ name: 'Jobs.outer', queries: 3 });
    await running.get('/now');
    expect(await lastUnit()).toMatchObject({ kind: 'http', name: 'GET /now', queries: 2 });
  });

  it('works on instances that Nest makes more than once', async () => {
    const transient = await running.app.get(ModuleRef).resolve(TransientJobs, undefined, { strict: false });
    await transient.report('again');
    expect(await lastUnit()).toMatchObject({ name: 'nightly-report', queries: 2 });
  });

  it('works without any application', async () => {
    expect(await new Jobs({ query: async () => [] } as unknown as DataSource).report('alone')).toBe('alone');
  });

  it('has its counterpart in the service', async () => {
    const dataSource = running.app.get(DataSource);
    await running.lens.observe('by-hand', () => dataSource.query('SELECT 1'));
    expect(await lastUnit()).toMatchObject({ kind: 'observed', name: 'by-hand', queries: 1 });
  });

  it('belongs to its own application, where two run', async () => {
    const other = await startApp({ providers: [Jobs] });
    await running.lens.reset();
    await Promise.all([
      jobs.report('here'),
      other.app.get(Jobs).report('there'),
      other.app.get(Jobs).report('there'),
    ]);
    expect(await running.units()).toHaveLength(1);
    expect(await other.units()).toHaveLength(2);
    await other.app.close();
  });
});
