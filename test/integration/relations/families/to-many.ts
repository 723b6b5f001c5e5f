import {
  Column,
  Entity,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { four, type MakeFamily } from '../family.js';

export const books: MakeFamily = ({ relation }) => {
  @Entity()
  class Author {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @OneToMany(() => Book, (book) => book.author, relation) books!: Book[];
  }

  @Entity()
  class Book {
    @PrimaryGeneratedColumn() id!: number;
    @Column() title!: string;
    @ManyToOne(() => Author, (author) => author.books) author!: Relation<Author>;
    @Column() authorId!: number;
  }

  return {
    entities: [Author, Book],
    rows: {
      'one-to-many': {
        parents: Author,
        path: 'books',
        byHand: ({ id }, of) => of(Book).findBy({ authorId: id }),
      },
    },
    fill: async (manager) => {
      await manager.insert(
        Author,
        four.map((n) => ({ name: `author ${n}` })),
      );
      await manager.insert(
        Book,
        [...four, ...four].map((n) => ({ title: `book of ${n}`, authorId: n })),
      );
    },
  };
};

export const tags: MakeFamily = ({ relation }) => {
  @Entity()
  class Article {
    @PrimaryGeneratedColumn() id!: number;
    @Column() title!: string;
    @ManyToMany(() => Tag, (tag) => tag.articles, relation) @JoinTable() tags!: Tag[];
  }

  @Entity()
  class Tag {
    @PrimaryGeneratedColumn() id!: number;
    @Column() label!: string;
    @ManyToMany(() => Article, (article) => article.tags) articles!: Article[];
  }

  return {
    entities: [Article, Tag],
    rows: {
      'many-to-many, owner': {
        parents: Article,
        path: 'tags',
        byHand: ({ id }, of) => of(Tag).findBy({ articles: { id } }),
      },
    },
    fill: async (manager) => {
      const some = await manager.save([1, 2].map((n) => manager.create(Tag, { label: `tag ${n}` })));
      await manager.save(four.map((n) => manager.create(Article, { title: `article ${n}`, tags: some })));
    },
  };
};

export const genres: MakeFamily = ({ relation }) => {
  @Entity()
  class Song {
    @PrimaryGeneratedColumn() id!: number;
    @Column() title!: string;
    @ManyToMany(() => Genre, (genre) => genre.songs) @JoinTable() genres!: Genre[];
  }

  @Entity()
  class Genre {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @ManyToMany(() => Song, (song) => song.genres, relation) songs!: Song[];
  }

  return {
    entities: [Song, Genre],
    rows: {
      'many-to-many, inverse': {
        parents: Genre,
        path: 'songs',
        byHand: ({ id }, of) => of(Song).findBy({ genres: { id } }),
      },
    },
    fill: async (manager) => {
      const all = await manager.save(four.map((n) => manager.create(Genre, { name: `genre ${n}` })));
      await manager.save([1, 2].map((n) => manager.create(Song, { title: `song ${n}`, genres: all })));
    },
  };
};

/** Many-to-many through an entity of its own: two levels, two relations. */
export const lectures: MakeFamily = ({ relation }) => {
  @Entity()
  class Lecture {
    @PrimaryGeneratedColumn() id!: number;
    @Column() title!: string;
    @OneToMany(() => Enrolment, (enrolment) => enrolment.lecture, relation) enrolments!: Enrolment[];
  }

  @Entity()
  class Pupil {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @OneToMany(() => Enrolment, (enrolment) => enrolment.pupil) enrolments!: Enrolment[];
  }

  @Entity()
  class Enrolment {
    @PrimaryGeneratedColumn() id!: number;
    @Column() mark!: number;
    @ManyToOne(() => Lecture, (lecture) => lecture.enrolments) lecture!: Relation<Lecture>;
    @Column() lectureId!: number;
    @ManyToOne(() => Pupil, (pupil) => pupil.enrolments, relation) pupil!: Relation<Pupil>;
    @Column() pupilId!: number;
  }

  return {
    entities: [Lecture, Pupil, Enrolment],
    rows: {
      'through an entity': {
        parents: Lecture,
        path: 'enrolments.pupil',
        byHand: async ({ id }, of) => {
          const enrolments = await of(Enrolment).findBy({ lectureId: id });
          for (const { pupilId } of enrolments) await of(Pupil).findOneBy({ id: pupilId });
        },
      },
    },
    fill: async (manager) => {
      await manager.insert(
        Lecture,
        four.map((n) => ({ title: `lecture ${n}` })),
      );
      await manager.insert(
        Pupil,
        four.map((n) => ({ name: `pupil ${n}` })),
      );
      await manager.insert(
        Enrolment,
        four.flatMap((lectureId) =>
          [1, 2].map((n) => ({ mark: n, lectureId, pupilId: ((lectureId + n) % 4) + 1 })),
        ),
      );
    },
  };
};
