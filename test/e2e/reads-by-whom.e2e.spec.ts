import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { ClassSerializerInterceptor, Controller, Get, Res, UseInterceptors } from '@nestjs/common';
import { Field, GraphQLModule, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { InjectDataSource, TypeOrmModule } from '@nestjs/typeorm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Exclude, Expose } from 'class-transformer';
import { QueryLensModule } from 'nestjs-query-lens';
import { defer } from 'rxjs';
import {
  Column,
  DataSource,
  Entity,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { startApp, type AppOptions, type Platform, type RunningApp } from './start-app.js';

@Entity()
class Shop {
  @PrimaryGeneratedColumn() id: number;
  @Column() name: string;
  @Exclude() @Column() secret: string;
  @OneToMany(() => Article, (article) => article.shop) articles: Relation<Article>[];
  @Exclude() @OneToMany(() => Key, (key) => key.shop) keys: Relation<Key>[];

  @Expose()
  get title(): string {
    return `Shop ${this.name}`;
  }
}

@Entity()
class Article {
  @PrimaryGeneratedColumn() id: number;
  @Column() label: string;
  @ManyToOne(() => Shop, (shop) => shop.articles) shop: Relation<Shop>;
}

@Entity()
class Key {
  @PrimaryGeneratedColumn() id: number;
  @Column() digits: string;
  @ManyToOne(() => Shop, (shop) => shop.keys) shop: Relation<Shop>;
}

@Controller('shops')
class ShopsController {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Get('returned')
  returned() {
    return this.find();
  }

  @UseInterceptors(ClassSerializerInterceptor)
  @Get('serialised')
  serialised() {
    return this.find();
  }

  @UseInterceptors(ClassSerializerInterceptor)
  @Get('observed')
  observed() {
    return defer(() => this.find());
  }

  @Get('read')
  async read() {
    const shops = await this.find();
    return shops.map(({ name, articles }) => ({ name, articles: articles.map(({ label }) => label) }));
  }

  @Get('read-and-returned')
  async readAndReturned() {
    const shops = await this.find();
    for (const shop of shops) shop.articles.sort((a, b) => a.id - b.id);
    return shops;
  }

  @Get('copied')
  async copied() {
    return (await this.find()).map((shop) => Object.keys({ ...shop }));
  }

  @Get('written-by-hand')
  async writtenByHand(@Res() response: { send(body: unknown): void }) {
    response.send(await this.find());
  }

  @Get('unread')
  async unread() {
    return (await this.find()).map(({ name }) => name);
  }

  private find() {
    return this.dataSource.getRepository(Shop).find({ relations: { articles: true, keys: true } });
  }
}

const fill: AppOptions['fill'] = async (manager) => {
  for (const name of ['one', 'two']) {
    const [shop] = (await manager.save(Shop, [{ name, secret: 'x' }])) as [Shop];
    await manager.save(Article, [{ label: `of ${name}`, shop }]);
    await manager.save(Key, [{ digits: '1234', shop }]);
  }
};

const database = TypeOrmModule.forRoot({ type: 'sqljs', entities: [Shop, Article, Key], synchronize: true });
const READ = { loads: 1, read: 1, sentToClient: 0, copied: 0 };
const SENT = { loads: 1, read: 0, sentToClient: 1, copied: 0 };
const COPIED = { loads: 1, read: 0, sentToClient: 0, copied: 1 };
const UNREAD = { loads: 1, read: 0, sentToClient: 0, copied: 0 };

async function readsOf({ lens }: RunningApp, route: string) {
  const rows = (await lens.loadingStrategies()).filter((row) => row.route === route);
  return Object.fromEntries(rows.map(({ relation, read }) => [relation, read]));
}

describe.each<Platform>(['express', 'fastify'])('who read what was loaded, on %s', (platform) => {
  let running: RunningApp;

  beforeAll(async () => {
    running = await startApp({
      platform,
      database,
      fill,
      controllers: [ShopsController],
      lens: QueryLensModule.forRoot({ trackReads: 'all' }),
    });
  });
  afterAll(() => running.app.close());

  it.each([
    ['the response, where the handler only returned it', 'returned', SENT, SENT],
    ['ClassSerializerInterceptor, but for what is excluded', 'serialised', SENT, UNREAD],
    ['the same for an observable', 'observed', SENT, UNREAD],
    ["the handler's code", 'read', READ, UNREAD],
    ['the handler, though the response carries it too', 'read-and-returned', READ, SENT],
    ['a copy in the handler', 'copied', COPIED, COPIED],
    ['a response that the handler writes itself', 'written-by-hand', COPIED, COPIED],
    ['nobody', 'unread', UNREAD, UNREAD],
  ])('%s', async (_, path, articles, keys) => {
    const answer = await running.get(`/shops/${path}`);
    expect(answer.status).toBe(200);
    expect(await readsOf(running, `GET /shops/${path}`)).toEqual({
      'Shop.articles': articles,
      'Shop.keys': keys,
    });
  });

  it('changes no answer', async () => {
    expect(await (await running.get('/shops/serialised')).json()).toEqual([
      { id: 1, name: 'one', title: 'Shop one', articles: [{ id: 1, label: 'of one' }] },
      { id: 2, name: 'two', title: 'Shop two', articles: [{ id: 2, label: 'of two' }] },
    ]);
  });

  it('leaves the handlers of the controller as they were, where reads are not tracked', async () => {
    const method = Object.getOwnPropertyDescriptor(ShopsController.prototype, 'read')?.value as unknown;
    const other = await startApp({
      platform,
      database,
      fill,
      controllers: [ShopsController],
      lens: QueryLensModule.forRoot({ trackReads: 'off' }),
    });
    expect(Object.getOwnPropertyDescriptor(ShopsController.prototype, 'read')?.value).toBe(method);
    await other.app.close();
  });
});

@ObjectType('Article')
class ArticleType {
  @Field() label: string;
}

@ObjectType('Shop')
class ShopType {
  @Field() id: number;
  @Field() name: string;
  @Field() secret: string;
  @Field(() => [ArticleType]) articles: ArticleType[];
}

@Resolver(() => ShopType)
class ShopsResolver {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Query(() => [ShopType])
  shops() {
    return this.dataSource.getRepository(Shop).find({ relations: { articles: true } });
  }
}

describe('who read what was loaded, in GraphQL', () => {
  let running: RunningApp;
  beforeAll(async () => {
    running = await startApp({
      database,
      fill,
      imports: [GraphQLModule.forRoot<ApolloDriverConfig>({ driver: ApolloDriver, autoSchemaFile: true })],
      providers: [ShopsResolver],
      lens: QueryLensModule.forRoot({ trackReads: 'all' }),
    });
  });
  afterAll(() => running.app.close());

  it.each([
    ['a field that was asked for', 'query Few { shops { name articles { label } } }', 'query Few', READ],
    [
      'all fields, asked for in their order: no copy',
      'query All { shops { id name secret articles { label } } }',
      'query All',
      READ,
    ],
    ['a field that was not asked for', 'query None { shops { id name secret } }', 'query None', UNREAD],
  ])('%s', async (_, query, route, expected) => {
    const answer = await running.post('/graphql', { query });
    expect(await answer.json()).not.toHaveProperty('errors');
    expect(await readsOf(running, route)).toEqual({ 'Shop.articles': expected });
  });
});
