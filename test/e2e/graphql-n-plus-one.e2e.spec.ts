import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Injectable, Module, Scope } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  Field,
  GraphQLModule,
  Int,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { TypeOrmModule } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';
import { QueryLensModule, QueryLensService, type Report } from 'nestjs-query-lens';
import { createRelationLoader, type RelationLoader } from 'nestjs-query-lens/graphql';
import { describeOn } from '../databases.js';
import { Author, Book } from './library.entities.js';

@ObjectType('Writer')
class WriterType {
  @Field()
  name: string;
}

@ObjectType('Item')
class ItemType {
  @Field()
  title: string;

  @Field(() => WriterType)
  writer: unknown;

  @Field(() => WriterType)
  loaded: unknown;
}

@Resolver(() => ItemType)
class ItemsResolver {
  constructor(private readonly dataSource: DataSource) {}

  @Query(() => [ItemType])
  items(): Promise<Book[]> {
    return this.dataSource.manager.find(Book, { order: { id: 'ASC' } });
  }

  @Query(() => Int)
  one(): number {
    return 1;
  }

  @ResolveField()
  writer(@Parent() book: Book): Promise<Author | null> {
    return this.dataSource.manager.findOneBy(Author, { id: book.authorId });
  }
}

/** The code of the advice, with the names that it mentions. */
let advised = '';

/** What the advice says: a loader for each request. */
@Resolver(() => ItemType)
@Injectable({ scope: Scope.REQUEST })
class LoadedWriterResolver {
  private readonly loader: RelationLoader<Book, 'author'>;

  constructor(dataSource: DataSource) {
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the advice is code: running it is the test
    const make = new Function('createRelationLoader', 'dataSource', 'Book', `return ${advised}`);
    this.loader = make(createRelationLoader, dataSource, Book) as typeof this.loader;
  }

  @ResolveField()
  loaded(@Parent() book: Book): Promise<Author | null> {
    return this.loader.load(book);
  }
}

/** Scenario 20 of the rulings. */
describe('30 items, a field resolver each running one query', () => {
  describeOn(['sqljs', 'pglite', 'postgres'], (database) => {
    let report: Report;
    let followed: Report;
    let close: () => Promise<void>;

    beforeAll(async () => {
      @Module({
        imports: [
          QueryLensModule.forRoot({ logFindings: false }),
          TypeOrmModule.forRoot({ ...database.options(), entities: [Author, Book], synchronize: true }),
          GraphQLModule.forRoot<ApolloDriverConfig>({
            driver: ApolloDriver,
            autoSchemaFile: true,
            playground: false,
          }),
        ],
        providers: [ItemsResolver, LoadedWriterResolver],
      })
      class AppModule {}

      const app = await NestFactory.create(AppModule, { logger: false, forceCloseConnections: true });
      close = () => app.close();
      await app.listen(0);
      const { manager } = app.get(DataSource);
      const authors = await manager.save(
        Author,
        Array.from({ length: 30 }, (_, n) => ({ name: `author ${n}` })),
      );
      await manager.insert(
        Book,
        authors.map(({ id }, n) => ({ title: `book ${n}`, authorId: id })),
      );
      const lens = app.get(QueryLensService);
      const send = async (query: string): Promise<{ data: { items: object[] } }> => {
        const response = await fetch(`${await app.getUrl()}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query }),
        });
        return (await response.json()) as { data: { items: object[] } };
      };
      const { items } = (await send('query Items { items { title writer { name } } }')).data;
      expect(items).toHaveLength(30);
      report = await lens.report();
      advised = report.findings.find(({ kind }) => kind === 'n-plus-one')?.advice.code ?? '';
      await lens.reset();
      const loaded = await send('query Items { items { title writer: loaded { name } } }');
      expect(loaded.data.items).toEqual(items);
      followed = await lens.report();
    });
    afterAll(() => close());

    it('is one n-plus-one with the field path and the loader to write, in one line', () => {
      expect(foundIn(report)).toMatchObject([
        {
          kind: 'n-plus-one',
          route: 'query Items',
          relation: 'Book.author',
          evidence: { facts: { statements: 30, fieldPath: 'items.writer' } },
        },
      ]);
      expect(advised).toBe("createRelationLoader(dataSource, Book, 'author')");
    });

    it('has the verdict batch', () => {
      expect(report.loadingStrategies).toMatchObject([
        {
          relation: 'Book.author',
          strategy: 'by-id',
          statements: 30,
          verdict: { choice: 'batch', code: advised, expected: { statements: 1, rows: 30 } },
        },
      ]);
    });

    it('is silent and kept once the advice is followed, with two statements', () => {
      expect(foundIn(followed)).toEqual([]);
      expect(followed.totals.queries).toBe(2);
      expect(followed.loadingStrategies).toMatchObject([
        {
          route: 'query Items',
          relation: 'Book.author',
          strategy: 'batched',
          statements: 1,
          rows: 30,
          verdict: { choice: 'keep' },
        },
      ]);
    });
  });
});

/** A busy machine makes waits and slow statements as well. */
function foundIn({ findings }: Report): Report['findings'] {
  return findings.filter(({ kind }) => kind !== 'pool-wait' && kind !== 'slow-query');
}
