import type { INestApplication } from '@nestjs/common';
import { QueryLensService } from 'nestjs-query-lens';
import { DataSource } from 'typeorm';
import { configureNeighbours } from './neighbours.js';
import { Author, Book, Chapter, Publisher } from './library.entities.js';

/** The application under test, listening, with a library of six authors. */
export interface RunningHost {
  readonly app: INestApplication;
  readonly lens: QueryLensService;
  readonly dataSource: DataSource;
  /** What QueryLens wraps, as it was before. */
  readonly untouched: unknown[];
  get(path: string): Promise<{ readonly status: number; readonly body: string; readonly headers: Headers }>;
}

export async function runHost(app: INestApplication, untouched: unknown[]): Promise<RunningHost> {
  configureNeighbours(app);
  app.setGlobalPrefix('api');
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const dataSource = app.get(DataSource, { strict: false });
  await fill(dataSource);
  return {
    app,
    lens: app.get(QueryLensService, { strict: false }),
    dataSource,
    untouched,
    get: async (path) => {
      const response = await fetch(`${url}/api/library/top/${path}`);
      return { status: response.status, body: await response.text(), headers: response.headers };
    },
  };
}

async function fill({ manager }: DataSource): Promise<void> {
  const publisher = await manager.save(Publisher, { city: 'Rome' });
  await manager.save(
    Author,
    [1, 2, 3, 4, 5, 6].map((id) => ({ id, name: `author ${String(id)}` })),
  );
  const books = Array.from({ length: 12 }, (_, index) => ({
    id: index + 1,
    title: `book ${String(index + 1)}`,
    authorId: (index % 6) + 1,
    publisher,
  }));
  await manager.save(Book, books);
  await manager.save(
    Chapter,
    books.flatMap(({ id }) => ['one', 'two'].map((heading) => ({ heading, book: { id } }))),
  );
}
