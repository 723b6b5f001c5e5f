import {
  type CanActivate,
  Controller,
  Get,
  Inject,
  Injectable,
  NotFoundException,
  Param,
  UseGuards,
} from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { DataSource, Repository } from 'typeorm';
import { Author, Book } from './library.entities.js';

@Injectable()
export class AskingGuard implements CanActivate {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  async canActivate(): Promise<boolean> {
    await this.dataSource.query('SELECT guard.id FROM author guard');
    return true;
  }
}

/** Each route loads in one way. */
@Controller('library/:shelf')
export class LibraryController {
  constructor(
    @InjectRepository(Author) private readonly authors: Repository<Author>,
    @InjectRepository(Book) private readonly books: Repository<Book>,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  @Get('lazy')
  @UseGuards(AskingGuard)
  async lazy(): Promise<string[][]> {
    const titles: string[][] = [];
    for (const author of await this.authors.find()) {
      const books = await author.books;
      titles.push(books.map(({ title }) => title));
    }
    return titles;
  }

  @Get('eager')
  async eager(): Promise<string[]> {
    return (await this.books.find()).map(({ publisher }) => publisher.city);
  }

  @Get('join')
  async join(): Promise<number[]> {
    const books = await this.books.find({ relations: { chapters: true } });
    return books.map(({ chapters }) => chapters.length);
  }

  @Get('query')
  async query(): Promise<number[]> {
    const books = await this.books.find({ relations: { chapters: true }, relationLoadStrategy: 'query' });
    return books.map(({ chapters }) => chapters.length);
  }

  @Get('by-id')
  async byId(): Promise<(string | undefined)[]> {
    const names: (string | undefined)[] = [];
    for (const { authorId } of await this.books.find({ order: { id: 'ASC' }, take: 6 })) {
      const author = await this.authors.findOneBy({ id: authorId });
      names.push(author?.name);
    }
    return names;
  }

  @Get('broken')
  async broken(): Promise<unknown> {
    return this.dataSource.query('SELECT id FROM nowhere');
  }

  @Get('pace/:who')
  async pace(@Param('who') who: string): Promise<string> {
    if (who !== 'ann' && who !== 'bob') throw new NotFoundException();
    for (let step = 0; step < 3; step += 1) {
      await this.dataSource.query(`SELECT ${who}.id FROM author ${who}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return who;
  }
}
