import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import {
  Args,
  Field,
  GraphQLModule,
  Int,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { DataSource } from 'typeorm';
import { Author, Book } from './library.entities.js';
import { type RunningApp, startApp, summaries } from './start-app.js';

@ObjectType('Book')
class BookType {
  @Field(() => Int)
  id: number;

  @Field()
  title: string;

  // No resolver: GraphQL reads the property, and TypeORM loads the lazy relation.
  @Field(() => AuthorType)
  author: unknown;
}

@ObjectType('Author')
class AuthorType {
  @Field(() => Int)
  id: number;

  @Field()
  name: string;

  @Field(() => [BookType])
  books: unknown;
}

@Resolver(() => AuthorType)
class AuthorsResolver {
  constructor(private readonly dataSource: DataSource) {}

  @Query(() => [AuthorType])
  authors(): Promise<Author[]> {
    return this.dataSource.manager.find(Author);
  }

  @Query(() => Int)
  bookCount(): Promise<number> {
    return this.dataSource.manager.count(Book);
  }

  @Mutation(() => AuthorType)
  addAuthor(@Args('name') name: string): Promise<object> {
    return this.dataSource.manager.save(Author, { name });
  }

  @ResolveField()
  books(@Parent() author: Author): Promise<Book[]> {
    return this.dataSource.manager.findBy(Book, { authorId: author.id });
  }
}

describe('GraphQL', () => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await startApp({
      imports: [
        GraphQLModule.forRoot<ApolloDriverConfig>({
          driver: ApolloDriver,
          autoSchemaFile: true,
          playground: false,
          allowBatchedHttpRequests: true,
        }),
      ],
      providers: [AuthorsResolver],
    });
  });

  afterAll(() => running.app.close());

  async function send(body: object): Promise<{ data: any; errors?: unknown }> {
    const { data, errors } = (await (await running.post('/graphql', body)).json()) as {
      data: any;
      errors?: unknown;
    };
    expect(errors).toBeUndefined();
    return { data };
  }

  const lastUnit = async () => (await running.units()).at(-1);

  it('names the unit by its operation', async () => {
    await send({ query: 'query Authors { authors { id } }' });
    expect(await lastUnit()).toMatchObject({
      kind: 'graphql',
      name: 'query Authors',
      queries: 1,
      status: 200,
    });
    await send({
      query: 'mutation AddAuthor($name: String!) { addAuthor(name: $name) { id } }',
      variables: { name: 'Zoe' },
    });
    expect(await lastUnit()).toMatchObject({ kind: 'graphql', name: 'mutation AddAuthor' });
  });

  it('names it by its root fields where it is anonymous', async () => {
    await send({ query: '{ authors { id } bookCount }' });
    expect(await lastUnit()).toMatchObject({ name: 'query { authors bookCount }' });
  });

  it('names every operation of a batch', async () => {
    await running.post('/graphql', [{ query: 'query A { bookCount }' }, { query: 'query B { bookCount }' }]);
    expect(await lastUnit()).toMatchObject({ name: 'query A + query B', queries: 2 });
  });

  it('carries the field path on every statement, with indexes folded', async () => {
    const { data } = await send({ query: 'query Deep { all: authors { books { title author { name } } } }' });
    expect(data.all[0].books[0].author.name).toBe('Author 1');
    const unit = await lastUnit();
    const paths = (unit?.statements ?? []).map(({ fieldPath }) => fieldPath);
    expect(paths[0]).toBe('all');
    expect(paths.filter((path) => path === 'all.books').length).toBeGreaterThanOrEqual(3);
    expect(paths.filter((path) => path === 'all.books.author')).toHaveLength(6);
    expect(summaries(unit)).toHaveLength(paths.length);
  });

  it('stays HTTP where no field is resolved', async () => {
    await running.post('/graphql', { query: '{ nonsense }' });
    await running.post('/graphql', { query: '{ __typename }' });
    const { routes } = await running.lens.report();
    expect(routes.filter(({ kind }) => kind === 'http').map(({ route }) => route)).toEqual(['POST /graphql']);
  });
});

@Resolver(() => BookType)
class StaffResolver {
  constructor(private readonly dataSource: DataSource) {}

  @Query(() => Int)
  authorCount(): Promise<number> {
    return this.dataSource.manager.count(Author);
  }
}

@Module({ providers: [AuthorsResolver] })
class ShopModule {}

@Module({ providers: [StaffResolver] })
class StaffModule {}

describe('two GraphQL modules in one application', () => {
  const schema = (path: string, included: typeof ShopModule) =>
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      autoSchemaFile: true,
      playground: false,
      path,
      include: [included],
    });

  it('names the operations of both', async () => {
    const running = await startApp({
      imports: [ShopModule, StaffModule, schema('/shop', ShopModule), schema('/staff', StaffModule)],
    });
    await running.post('/shop', { query: 'query Books { bookCount }' });
    await running.post('/staff', { query: 'query Authors { authorCount }' });
    const names = (await running.units()).map(({ name }) => name);
    await running.app.close();
    expect(names).toEqual(['query Books', 'query Authors']);
  });
});
