import 'reflect-metadata';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { QueryLensModule, QueryLensService } from 'nestjs-query-lens';
import {
  Column,
  Entity,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  type Relation,
  Repository,
} from 'typeorm';

@Entity()
class Author {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ type: 'varchar' })
  name!: string;

  @OneToMany(() => Book, (book) => book.author)
  books!: Relation<Book[]>;
}

@Entity()
class Book {
  @PrimaryGeneratedColumn()
  id!: number;

  @ManyToOne(() => Author, (author) => author.books)
  author!: Relation<Author>;
}

@Controller('authors')
class AuthorsController {
  constructor(
    @InjectRepository(Author) private readonly authors: Repository<Author>,
    @InjectRepository(Book) private readonly books: Repository<Book>,
  ) {}

  @Get()
  async list() {
    const authors = await this.authors.find();
    for (const author of authors) author.books = await this.books.findBy({ author: { id: author.id } });
    return authors;
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({ type: 'sqljs', entities: [Author, Book], synchronize: true }),
    TypeOrmModule.forFeature([Author, Book]),
    QueryLensModule.forRoot(),
  ],
  controllers: [AuthorsController],
})
class AppModule {}

/** Starts the host, sends one request with an N+1 in it, and prints the report as the last line. */
async function main() {
  const app = await NestFactory.create(AppModule, { logger: false });
  await app.listen(0, '127.0.0.1');
  const authors = app.get<Repository<Author>>(`${Author.name}Repository`);
  await authors.save(Array.from({ length: 12 }, (_, index) => ({ name: `author ${index}` })));
  await fetch(`${await app.getUrl()}/authors`).then((response) => response.json());
  const lens = app.get(QueryLensService);
  for (let attempt = 0; attempt < 50 && !hasSeenRequest(await lens.report()); attempt += 1) await pause(100);
  console.log(JSON.stringify(await lens.report()));
  await app.close();
}

function hasSeenRequest(report: { routes: readonly { route: string }[] }) {
  return report.routes.some(({ route }) => route === 'GET /authors');
}

function pause(ms: number) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

void main();
