import {
  Column,
  Entity,
  JoinColumn,
  ManyToOne,
  OneToMany,
  OneToOne,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { four, type MakeFamily } from '../family.js';

export const citizens: MakeFamily = ({ relation }) => {
  @Entity()
  class Passport {
    @PrimaryGeneratedColumn() id!: number;
    @Column() number!: string;
    @OneToOne(() => Citizen, (citizen) => citizen.passport) citizen!: Relation<Citizen>;
  }

  @Entity()
  class Citizen {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @OneToOne(() => Passport, (passport) => passport.citizen, relation)
    @JoinColumn()
    passport!: Relation<Passport>;
    @Column() passportId!: number;
  }

  return {
    entities: [Passport, Citizen],
    rows: {
      'one-to-one, owner': {
        parents: Citizen,
        path: 'passport',
        byHand: ({ passportId }, of) => of(Passport).findOneBy({ id: passportId }),
      },
    },
    fill: async (manager) => {
      await manager.insert(
        Passport,
        four.map((n) => ({ number: `P${n}` })),
      );
      await manager.insert(
        Citizen,
        four.map((n) => ({ name: `citizen ${n}`, passportId: 5 - n })),
      );
    },
  };
};

export const capitals: MakeFamily = ({ relation }) => {
  @Entity()
  class Capital {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @OneToOne(() => Nation, (nation) => nation.capital) @JoinColumn() nation!: Relation<Nation>;
    @Column() nationId!: number;
  }

  @Entity()
  class Nation {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @OneToOne(() => Capital, (capital) => capital.nation, relation) capital!: Relation<Capital>;
  }

  return {
    entities: [Capital, Nation],
    rows: {
      'one-to-one, inverse': {
        parents: Nation,
        path: 'capital',
        byHand: ({ id }, of) => of(Capital).findOneBy({ nationId: id }),
      },
    },
    fill: async (manager) => {
      await manager.insert(
        Nation,
        four.map((n) => ({ name: `nation ${n}` })),
      );
      await manager.insert(
        Capital,
        four.map((n) => ({ name: `capital ${n}`, nationId: n })),
      );
    },
  };
};

/** Eight comments of four posts. */
export const comments: MakeFamily = ({ relation }) => {
  @Entity()
  class Post {
    @PrimaryGeneratedColumn() id!: number;
    @Column() title!: string;
    @OneToMany(() => Comment, (comment) => comment.post) comments!: Comment[];
  }

  @Entity()
  class Comment {
    @PrimaryGeneratedColumn() id!: number;
    @Column() text!: string;
    @ManyToOne(() => Post, (post) => post.comments, relation) post!: Relation<Post>;
    @Column() postId!: number;
  }

  return {
    entities: [Post, Comment],
    rows: {
      'many-to-one': {
        parents: Comment,
        path: 'post',
        byHand: ({ postId }, of) => of(Post).findOneBy({ id: postId }),
      },
    },
    fill: async (manager) => {
      await manager.insert(
        Post,
        four.map((n) => ({ title: `post ${n}` })),
      );
      await manager.insert(
        Comment,
        [...four, ...four].map((n) => ({ text: `comment on ${n}`, postId: n })),
      );
    },
  };
};
