import { Column, Entity, ManyToOne, OneToMany, PrimaryGeneratedColumn, type Relation } from 'typeorm';

@Entity()
export class Author {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ type: 'varchar' })
  name: string;

  @OneToMany(() => Book, (book) => book.author, { lazy: true })
  books: Promise<Relation<Book>[]>;
}

@Entity()
export class Publisher {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ type: 'varchar' })
  city: string;
}

@Entity()
export class Book {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ type: 'varchar' })
  title: string;

  @Column({ type: 'integer' })
  authorId: number;

  @ManyToOne(() => Author, (author) => author.books, { lazy: true })
  author: Promise<Relation<Author>>;

  @ManyToOne(() => Publisher, { eager: true })
  publisher: Relation<Publisher>;

  @OneToMany(() => Chapter, (chapter) => chapter.book)
  chapters: Relation<Chapter>[];
}

@Entity()
export class Chapter {
  @PrimaryGeneratedColumn()
  id: number;

  @Column({ type: 'varchar' })
  heading: string;

  @ManyToOne(() => Book, (book) => book.chapters)
  book: Relation<Book>;
}

export const libraryEntities = [Author, Publisher, Book, Chapter];
