import { Column, Entity, ManyToOne, OneToMany, PrimaryGeneratedColumn, type Relation } from 'typeorm';

@Entity()
export class Author {
  @PrimaryGeneratedColumn()
  id: number;

  @Column()
  name: string;

  @OneToMany(() => Book, (book) => book.author)
  books: Promise<Relation<Book>[]>;
}

@Entity()
export class Book {
  @PrimaryGeneratedColumn()
  id: number;

  @Column()
  title: string;

  @Column()
  authorId: number;

  @ManyToOne(() => Author, (author) => author.books)
  author: Promise<Relation<Author>>;
}

/** Three authors of two books each. */
export async function fillLibrary(manager: {
  save(target: unknown, rows: object[]): Promise<unknown>;
}): Promise<void> {
  await manager.save(
    Author,
    [1, 2, 3].map((id) => ({ id, name: `Author ${String(id)}` })),
  );
  await manager.save(
    Book,
    [1, 2, 3, 4, 5, 6].map((id) => ({ id, title: `Book ${String(id)}`, authorId: ((id - 1) % 3) + 1 })),
  );
}
