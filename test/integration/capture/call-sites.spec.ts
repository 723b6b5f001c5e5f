import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { transformSync } from '@swc/core';
import type { DataSource, Repository } from 'typeorm';
import { createCallSiteResolver } from '../../../lib/capture/call-site.js';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import type { UnitOfWork } from '../../../lib/record/unit-of-work.js';
import { describeOn } from '../../databases.js';
import { Author, blogEntities, fillBlog, Post, Tag } from './blog.js';
import { RecordingSink } from './recording-sink.js';

/** An application's service: each method in one of the shapes people write. */
class AuthorsService {
  private readonly authors: Repository<Author>;

  constructor(readonly dataSource: DataSource) {
    this.authors = dataSource.getRepository(Author);
  }

  async awaited() {
    const authors = await this.authors.find();
    return authors;
  }
  returned() {
    return this.authors.find();
  }
  async afterAwait() {
    await new Promise((resolve) => setImmediate(resolve));
    return await this.authors.findOneBy({ name: 'ann' });
  }
  async lazy() {
    for (const author of await this.authors.find()) await author.posts;
  }
  async parallel() {
    const authors = await this.authors.find();
    await Promise.all(authors.map((author) => author.posts));
  }
  async parallelAsync() {
    const authors = await this.authors.find();
    await Promise.all(
      authors.map(async (author) => {
        const [post] = await author.posts;
        await post?.comments;
      }),
    );
  }
  chained() {
    return this.authors.find().then((authors) => authors.length);
  }
  async builder() {
    return await this.authors
      .createQueryBuilder('author')
      .leftJoinAndSelect('author.posts', 'post')
      .getMany();
  }
  async paginated() {
    return await this.authors.find({ relations: { posts: true }, take: 2 });
  }
  async strategy() {
    return await this.authors.find({ relations: { posts: { tags: true } }, relationLoadStrategy: 'query' });
  }
  async saves() {
    return await this.authors.save({ id: 1, name: 'ann' });
  }
  // Without await, no later stack reaches the function.
  async savesReturned() {
    await Promise.resolve();
    return this.authors.save({ id: 1, name: 'renamed' });
  }
  async updatesReturned() {
    await Promise.resolve();
    return this.authors.update({ id: 1 }, { name: 'renamed again' });
  }
  async transaction() {
    await this.dataSource.transaction(async (manager) => {
      await manager.findBy(Tag, { name: 'red' });
    });
  }
  async raw() {
    return (await this.dataSource.query('SELECT 1')) as unknown;
  }
}

describe('call sites', () => {
  describeOn(['better-sqlite3', 'postgres'], (database) => {
    const sink = new RecordingSink();
    let service: AuthorsService;
    let undo: () => void;

    beforeAll(async () => {
      const dataSource = await database.open({ entities: blogEntities });
      await fillBlog(dataSource);
      undo = instrumentDataSource(dataSource, sink);
      service = new AuthorsService(dataSource);
    });
    afterAll(() => {
      undo();
    });

    const sitesOf = (unit: UnitOfWork) =>
      unit.queries.map(({ callSite }) => callSite && `${callSite.file}|${callSite.function}`);

    const methods = Object.getOwnPropertyNames(AuthorsService.prototype).filter(
      (name) => name !== 'constructor',
    );
    for (const method of methods as 'awaited'[]) {
      it(`are found for ${method}`, async () => {
        const unit = await sink.unit(() => service[method]());
        expect(unit.queries.length).toBeGreaterThan(0);
        const expected = `test/integration/capture/call-sites.spec.ts|AuthorsService.${method}`;
        expect(new Set(sitesOf(unit))).toEqual(new Set([expected]));
      });
    }

    it('tell two places of one function apart', async () => {
      const unit = await sink.unit(() => service.parallelAsync());
      const lines = unit.queries.map((query) => query.callSite?.line);
      expect(new Set(lines).size).toBe(3);
    });

    it('are taken everywhere in the first units, later in some', async () => {
      const counts: number[] = [];
      for (let index = 0; index < 120; index++) {
        const unit = await sink.unit(async () => {
          for (let id = 0; id < 3; id++) await service.dataSource.manager.findBy(Post, { title: `t${id}` });
        });
        counts.push(unit.queries.filter((query) => query.callSite !== undefined).length);
      }
      expect(counts.slice(0, 20)).toEqual(Array.from({ length: 20 }, () => 3));
      expect(counts.slice(20).filter((count) => count === 3)).toHaveLength(2);
      expect(counts.slice(20).filter((count) => count === 0)).toHaveLength(98);
    });

    it('are taken at most 40 times for one statement in one unit', async () => {
      const unit = await sink.unit(async () => {
        for (let id = 0; id < 60; id++)
          await service.dataSource.query(`SELECT name FROM tag WHERE id IN (${id}, 1)`);
      });
      expect(unit.queries.filter((query) => query.callSite !== undefined)).toHaveLength(40);
    });
  });

  describe('in compiled files', () => {
    let directory: string;
    beforeAll(() => {
      directory = mkdtempSync(join(tmpdir(), 'query-lens-'));
    });
    afterAll(() => {
      rmSync(directory, { recursive: true, force: true });
    });

    const source = [
      'interface Gone { a: string }',
      '',
      'export class Shop {',
      '  async list() {',
      '    await this.find();',
      '  }',
      '}',
    ].join('\n');

    /** Where `this.find` stands in the compiled file. */
    function compile(name: string, sourceMaps: boolean | 'inline'): string {
      const { code, map } = transformSync(source, {
        filename: join(directory, `${name}.ts`),
        sourceFileName: `../${directory.split('/').pop()}/${name}.ts`,
        sourceMaps,
        swcrc: false,
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      });
      const file = join(directory, `${name}.js`);
      const comment = map === undefined ? '' : `\n//# sourceMappingURL=${name}.js.map`;
      writeFileSync(file, code + comment);
      if (map !== undefined) writeFileSync(`${file}.map`, map);
      const line = code.split('\n').findIndex((text) => text.includes('this.find'));
      const column = code.split('\n')[line]?.indexOf('find') ?? 0;
      return `${file}:${line + 1}:${column + 1}`;
    }

    const stackOf = (place: string) => ({
      stack: [
        'Error',
        '    at Client.query (/app/node_modules/pg/lib/client.js:10:3)',
        '    at async Promise.all (index 0)',
        `    at async Shop.list (file://${place})`,
      ].join('\n'),
    });

    it.each([
      ['beside', true],
      ['inline', 'inline'],
    ] as const)('are those of the source, with the map %s', (name, sourceMaps) => {
      const site = createCallSiteResolver()(stackOf(compile(name, sourceMaps)));
      expect(site).toEqual({
        file: relative(process.cwd(), join(directory, `${name}.ts`)),
        line: 5,
        column: expect.any(Number),
        function: 'Shop.list',
      });
    });

    it('are those of the file itself where there is no map', () => {
      const place = compile('bare', false);
      const site = createCallSiteResolver()(stackOf(place));
      expect(`${join(process.cwd(), site?.file ?? '')}:${site?.line}:${site?.column}`).toBe(place);
    });

    it('have the name of the method where async functions were compiled away, and no name of a helper', async () => {
      const { code } = transformSync(
        'exports.Shop = class Shop { async list(look) { look(); await null; look(); } };',
        { filename: join(directory, 'old.ts'), swcrc: false, jsc: { target: 'es2016' } },
      );
      const file = join(directory, 'old.cjs');
      writeFileSync(file, code);
      const { Shop } = createRequire(import.meta.url)(file) as {
        readonly Shop: new () => { list(look: () => void): Promise<void> };
      };
      const resolve = createCallSiteResolver();
      const names: unknown[] = [];
      await new Shop().list(() => {
        // Of the file alone: the test that called it has a name as well.
        const { stack = '' } = new Error();
        const own = stack.split('\n').filter((line) => line.includes('old.cjs'));
        names.push(resolve({ stack: ['Error', ...own].join('\n') })?.function);
      });
      // Of what is resumed nobody knows the method any more.
      expect(names).toEqual(['Shop.list', '<anonymous>']);
    });

    it('have such a name where TypeScript compiled them', () => {
      const at = '(/app/dist/shop.js:8:5)';
      const started = ['__awaiter', 'Shop.list'].map((name) => `    at ${name} ${at}`);
      const resumed = [`    at fulfilled ${at}`];
      const resolve = createCallSiteResolver();
      const nameOf = (after: readonly string[]) =>
        resolve({
          stack: [
            'Error',
            `    at Shop.<anonymous> ${at}`,
            '    at Generator.next (<anonymous>)',
            ...after,
          ].join('\n'),
        })?.function;
      expect(nameOf(started)).toBe('Shop.list');
      expect(nameOf(resumed)).toBe('Shop.<anonymous>');
    });

    it('are missing where the whole stack is in packages', () => {
      const resolve = createCallSiteResolver();
      expect(
        resolve({ stack: 'Error\n    at a (/app/node_modules/pg/a.js:1:1)\n    at node:internal/x:1:1' }),
      ).toBeUndefined();
      expect(resolve({})).toBeUndefined();
    });
  });
});
