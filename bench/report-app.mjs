// A Nest application of 1,000 routes that run ten statements each, all different, on SQLite in memory; its admin endpoints are
// open. Runs every route once, then answers its parent's messages: `start` begins a measurement, `stop` answers it. Started by
// bench/report.mjs.
import 'reflect-metadata';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Controller, Get, Inject } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { QueryLensModule } from 'nestjs-query-lens';
import { DataSource, EntitySchema } from 'typeorm';

const [routes, statements] = process.argv.slice(2).map(Number);

const Author = new EntitySchema({
  name: 'Author',
  columns: { id: { type: 'int', primary: true }, name: { type: 'varchar' } },
  relations: { books: { type: 'one-to-many', target: 'Book', inverseSide: 'author' } },
});
const Book = new EntitySchema({
  name: 'Book',
  columns: { id: { type: 'int', primary: true }, title: { type: 'varchar' } },
  relations: { author: { type: 'many-to-one', target: 'Author', inverseSide: 'books' } },
});

class LibraryController {
  constructor(dataSource) {
    this.manager = dataSource.manager;
  }
}
Inject(DataSource)(LibraryController, undefined, 0);
Controller('library')(LibraryController);
for (let route = 0; route < routes; route++) {
  const name = `list${route}`;
  LibraryController.prototype[name] = async function () {
    // A list, the books of each author in a loop (a finding), and statements with texts of their own.
    const authors = await this.manager.find('Author', { take: 4 });
    for (const author of authors) await this.manager.findBy('Book', { author: { id: author.id } });
    const alias = (n) => `a${route}_${n}`;
    for (let n = 0; n < statements / routes; n++) {
      const query = this.manager.createQueryBuilder('Author', alias(n));
      if (n === 0) query.leftJoinAndSelect(`${alias(n)}.books`, 'book');
      await query.where(`${alias(n)}.id < :id`, { id: 3 }).getMany();
    }
    return authors.length;
  };
  const descriptor = Object.getOwnPropertyDescriptor(LibraryController.prototype, name);
  Get(name)(LibraryController.prototype, name, descriptor);
}

const app = await NestFactory.create(
  {
    module: class BenchModule {},
    imports: [
      TypeOrmModule.forRoot({
        type: 'better-sqlite3',
        database: ':memory:',
        entities: [Author, Book],
        synchronize: true,
      }),
      QueryLensModule.forRoot({
        logFindings: false,
        logSlowQueries: false,
        admin: { public: true },
        investigate: { mode: 'off' },
      }),
    ],
    controllers: [LibraryController],
  },
  { logger: ['error'] },
);
await app.listen(0, '127.0.0.1');
const { manager } = app.get(DataSource);
for (let id = 1; id <= 4; id++) {
  await manager.insert('Author', { id, name: `author ${id}` });
  await manager.insert('Book', { id, title: `book ${id}`, author: { id } });
}
const url = await app.getUrl();
for (let route = 0; route < routes; route++) {
  const response = await fetch(`${url}/library/list${route}`);
  if (!response.ok) throw new Error(await response.text());
}

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();
let cpu;
process.on('message', (message) => {
  if (message === 'end') process.exit(0);
  if (message === 'start') {
    globalThis.gc();
    delay.reset();
    cpu = process.cpuUsage();
    return process.send('ready');
  }
  const { user, system } = process.cpuUsage(cpu);
  process.send({ cpuMs: (user + system) / 1_000, blockedMs: delay.max / 1e6 });
});
process.send({ url });
