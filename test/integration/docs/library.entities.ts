import { Column, Entity, ManyToOne, OneToMany, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** The small library that the pages in docs/findings speak of. */
@Entity()
export class Author {
  @PrimaryGeneratedColumn() id!: number;
  @Column({ unique: true }) name!: string;
  @OneToMany(() => Book, (book) => book.author) books!: Promise<Book[]>;
  @OneToMany(() => Award, (award) => award.author) awards!: Award[];
}

@Entity()
export class Award {
  @PrimaryGeneratedColumn() id!: number;
  @Column() title!: string;
  @ManyToOne(() => Author, (author) => author.awards) author!: Author;
  @Column() authorId!: number;
}

@Entity()
export class Book {
  @PrimaryGeneratedColumn() id!: number;
  @Column() title!: string;
  @Column({ default: 10 }) price!: number;
  @Column({ type: 'text', default: '' }) summary!: string;
  @ManyToOne(() => Author, (author) => author.books) author!: Author;
  @Column() authorId!: number;
  @OneToMany(() => Review, (review) => review.book) reviews!: Review[];
}

@Entity()
export class Review {
  @PrimaryGeneratedColumn() id!: number;
  @Column() stars!: number;
  @ManyToOne(() => Book, (book) => book.reviews) book!: Book;
  @Column() bookId!: number;
}

@Entity()
export class Shelf {
  @PrimaryColumn() floor!: number;
  @PrimaryColumn() no!: number;
  @Column() name!: string;
}

@Entity()
export class Copy {
  @PrimaryGeneratedColumn() id!: number;
  @Column() signature!: string;
  @ManyToOne(() => Shelf) shelf!: Promise<Shelf>;
}

export const libraryEntities = [Author, Award, Book, Copy, Review, Shelf];
