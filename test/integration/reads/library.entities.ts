import {
  Column,
  Entity,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  type ValueTransformer,
} from 'typeorm';

/** Comma separated in the database, a list in the entity. */
const words: ValueTransformer = {
  to: (value: string[]) => value.join(','),
  from: (value: string) => value.split(','),
};

export class Name {
  @Column() first!: string;
  @Column() last!: string;
}

@Entity()
export class Author {
  @PrimaryGeneratedColumn() id!: number;
  @Column(() => Name) name!: Name;
  @OneToMany(() => Book, (book) => book.author) books!: Book[];
}

@Entity()
export class Book {
  /** Private members throw on an object that only stands in for this one. */
  #reads = 0;
  @PrimaryGeneratedColumn() id!: number;
  @Column() title!: string;
  @Column({ type: 'text' }) text!: string;
  @Column({ type: 'varchar', transformer: words }) topics!: string[];
  @ManyToOne(() => Author, (author) => author.books) author!: Author;
  @Column({ nullable: true }) authorId!: number;
  @OneToMany(() => Review, (review) => review.book) reviews!: Review[];
  @ManyToMany(() => Shelf)
  @JoinTable()
  shelves!: Shelf[];

  get label(): string {
    return `${this.title} (${++this.#reads})`;
  }
}

@Entity()
export class Review {
  @PrimaryGeneratedColumn() id!: number;
  @Column() stars!: number;
  @Column() text!: string;
  @ManyToOne(() => Book, (book) => book.reviews) book!: Book;
  @Column({ nullable: true }) bookId!: number;
  @ManyToOne(() => Author) critic!: Author;
}

@Entity()
export class Shelf {
  @PrimaryGeneratedColumn() id!: number;
  @Column() room!: string;
}

/** Its relations are lazy: TypeORM puts accessors of its own on every entity. */
@Entity()
export class Club {
  @PrimaryGeneratedColumn() id!: number;
  @Column() name!: string;
  @OneToMany(() => Member, (member) => member.club) members!: Promise<Member[]>;
}

@Entity()
export class Member {
  @PrimaryGeneratedColumn() id!: number;
  @Column() name!: string;
  @ManyToOne(() => Club, (club) => club.members) club!: Promise<Club>;
}

export const libraryEntities = [Author, Book, Review, Shelf, Club, Member];
