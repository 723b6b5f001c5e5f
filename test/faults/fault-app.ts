import {
  Controller,
  Get,
  Inject,
  Module,
  NotFoundException,
  Param,
  type INestApplication,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import { QueryLensModule, QueryLensService, type QueryLensOptions } from 'nestjs-query-lens';
import type { DataSource, DataSourceOptions } from 'typeorm';
import { Author, Book, fillLibrary } from '../e2e/library.entities.js';
import { nonsense } from './nonsense-driver.js';

/** Everything of an error that the application's code could look at. */
function described(error: unknown): object {
  const own = Object.getOwnPropertyNames(error).filter((name) => name !== 'stack');
  const { name, message } = error as Error;
  return { thrown: Object.getPrototypeOf(error)?.constructor?.name, name, message, own };
}

@Controller()
class LibraryController {
  constructor(@Inject(getDataSourceToken()) private readonly dataSource: DataSource) {}

  @Get('lazy')
  async lazy(): Promise<unknown> {
    const authors = await this.dataSource.getRepository(Author).find({ order: { id: 'ASC' } });
    const books: unknown[] = [];
    for (const author of authors) books.push(await author.books);
    return { authors: authors.map(({ name }) => name), books };
  }

  @Get('joined')
  joined(): Promise<unknown> {
    return this.dataSource
      .getRepository(Author)
      .createQueryBuilder('author')
      .leftJoinAndSelect('author.books', 'book')
      .orderBy('author.id')
      .addOrderBy('book.id')
      .getMany();
  }

  @Get('saved')
  async saved(): Promise<unknown> {
    return this.dataSource.transaction(async (manager) => {
      const author = await manager.save(Author, { id: 77, name: 'New' });
      await manager.update(Author, 77, { name: 'Newer' });
      const found = await manager.findOneBy(Author, { id: 77 });
      await manager.delete(Author, 77);
      return { author, found };
    });
  }

  @Get('failing')
  async failing(): Promise<unknown> {
    const failures = [
      () => this.dataSource.query('SELECT * FROM nowhere'),
      () => this.dataSource.getRepository(Book).save({ id: 1, title: null as unknown as string }),
      () =>
        this.dataSource.transaction(() => {
          throw new TypeError('by the application');
        }),
    ];
    const seen: unknown[] = [];
    for (const failure of failures) seen.push(await Promise.resolve(failure()).catch(described));
    return seen;
  }

  @Get('unhandled')
  unhandled(): Promise<unknown> {
    return this.dataSource.query('SELECT broken FROM nowhere');
  }

  @Get('missing')
  async missing(): Promise<unknown> {
    if ((await this.dataSource.getRepository(Author).findOneBy({ id: 404 })) === null)
      throw new NotFoundException('no such author');
    return 'found';
  }

  @Get('nonsense/:kind')
  async nonsense(@Param('kind') kind: string): Promise<unknown> {
    try {
      const result: unknown = await this.dataSource.query(`SELECT nonsense '${kind}'`);
      return { isWhatTheDriverGave: Object.is(result, nonsense[kind]), type: typeof result };
    } catch (error) {
      return described(error);
    }
  }
}

export const PATHS: readonly string[] = [
  'lazy',
  'joined',
  'saved',
  'failing',
  'unhandled',
  'missing',
  'joined',
];

/** The application, with QueryLens or without. */
export class FaultApp {
  private constructor(
    readonly app: INestApplication,
    readonly dataSource: DataSource,
    readonly lens: QueryLensService | undefined,
    private readonly url: string,
  ) {}

  static async start(database: DataSourceOptions, options?: QueryLensOptions): Promise<FaultApp> {
    @Module({
      imports: [
        ...(options === undefined ? [] : [QueryLensModule.forRoot(options)]),
        TypeOrmModule.forRoot({
          ...database,
          entities: [Author, Book],
          synchronize: true,
          dropSchema: true,
          retryAttempts: 0,
        }),
      ],
      controllers: [LibraryController],
    })
    class FaultModule {}
    const app = await NestFactory.create(FaultModule, { logger: false, abortOnError: false });
    await app.listen(0);
    const dataSource = app.get<DataSource>(getDataSourceToken());
    await fillLibrary(dataSource.manager);
    const lens = options === undefined ? undefined : app.get(QueryLensService);
    return new FaultApp(app, dataSource, lens, await app.getUrl());
  }

  /** Status and body of each answer. */
  async answers(paths: readonly string[] = PATHS): Promise<readonly string[]> {
    const answers: string[] = [];
    for (const path of paths) {
      const response = await fetch(`${this.url}/${path}`);
      answers.push(`${path} ${String(response.status)} ${await response.text()}`);
    }
    return answers;
  }

  async failures(): Promise<Readonly<Record<string, number>>> {
    const report = await this.lens?.report();
    return Object.fromEntries((report?.self.failures ?? []).map(({ where, count }) => [where, count]));
  }
}
