import 'reflect-metadata';
import {
  ChildEntity,
  Column,
  DeleteDateColumn,
  Entity,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  OneToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  RelationId,
  TableInheritance,
} from 'typeorm';

/** Every kind of relation, lazy, from both sides. */
@Entity({ orderBy: { id: 'ASC' } })
export class Club {
  @PrimaryColumn({ length: 36 }) id: string;
  @Column() name: string;
  @OneToMany(() => Person, (person) => person.club, { lazy: true }) people: Promise<Person[]>;
  @OneToMany(() => Fixture, (fixture) => fixture.home, { lazy: true }) fixtures: Promise<Fixture[]>;
}

/** Players and coaches in one table. */
@Entity({ orderBy: { id: 'ASC' } })
@TableInheritance({ column: { type: 'varchar', name: 'kind', length: 20 } })
export class Person {
  @PrimaryGeneratedColumn() id: number;
  @Column() name: string;
  @ManyToOne(() => Club, (club) => club.people, { lazy: true, nullable: true }) club: Promise<Club | null>;
  @ManyToOne(() => Person, (person) => person.pupils, { lazy: true, nullable: true })
  mentor: Promise<Person | null>;
  @OneToMany(() => Person, (person) => person.mentor, { lazy: true }) pupils: Promise<Person[]>;
  @ManyToMany(() => Skill, (skill) => skill.people, { lazy: true }) @JoinTable() skills: Promise<Skill[]>;
  @ManyToMany(() => Person, (person) => person.followers, { lazy: true })
  @JoinTable({
    name: 'follows',
    joinColumn: { name: 'follower' },
    inverseJoinColumn: { name: 'followed' },
  })
  following: Promise<Person[]>;
  @ManyToMany(() => Person, (person) => person.following, { lazy: true }) followers: Promise<Person[]>;
  @OneToOne(() => Locker, (locker) => locker.person, { lazy: true, nullable: true })
  @JoinColumn()
  locker: Promise<Locker | null>;
}

@ChildEntity()
export class Player extends Person {
  @Column({ nullable: true }) shirt: number;
  /** Of this class only. */
  @ManyToOne(() => Club, { lazy: true, nullable: true }) formerly: Promise<Club | null>;
}

@ChildEntity()
export class Coach extends Person {
  @Column({ nullable: true }) licence: string;
  /** The same name as a player's, and another relation. */
  @ManyToOne(() => Skill, { lazy: true, nullable: true }) formerlyTaught: Promise<Skill | null>;
}

/** Its key is text, and its rows have an order of their own. */
@Entity({ orderBy: { rank: 'DESC', code: 'ASC' } })
export class Skill {
  @PrimaryColumn({ length: 20 }) code: string;
  @Column() rank: number;
  @ManyToMany(() => Person, (person) => person.skills, { lazy: true }) people: Promise<Person[]>;
}

/** Soft-deleted, and with a relation that always comes along. */
@Entity({ orderBy: { id: 'ASC' } })
export class Locker {
  @PrimaryGeneratedColumn() id: number;
  @DeleteDateColumn() removedAt: Date | null;
  @OneToOne(() => Person, (person) => person.locker, { lazy: true }) person: Promise<Person | null>;
  @OneToMany(() => Item, (item) => item.locker, { eager: true }) items: Item[];
}

@Entity({ orderBy: { id: 'ASC' } })
export class Item {
  @PrimaryGeneratedColumn() id: number;
  @Column() label: string;
  @ManyToOne(() => Locker, (locker) => locker.items) locker: Locker;
}

/** Two columns make the key. */
@Entity({ orderBy: { season: 'ASC', round: 'ASC' } })
export class Fixture {
  @PrimaryColumn() season: number;
  @PrimaryColumn() round: number;
  @ManyToOne(() => Club, (club) => club.fixtures, { lazy: true, nullable: true }) home: Promise<Club | null>;
  @OneToMany(() => Goal, (goal) => goal.fixture, { lazy: true }) goals: Promise<Goal[]>;
  @ManyToMany(() => Skill, { lazy: true }) @JoinTable({ name: 'shown_in' }) shown: Promise<Skill[]>;
}

@Entity({ orderBy: { id: 'ASC' } })
export class Goal {
  @PrimaryGeneratedColumn() id: number;
  @Column() minute: number;
  @ManyToOne(() => Fixture, (fixture) => fixture.goals, { lazy: true, nullable: true })
  fixture: Promise<Fixture | null>;
  @ManyToOne(() => Report, (report) => report.goals, { lazy: true, nullable: true })
  report: Promise<Report | null>;
  /** TypeORM reads it from the row. */
  @RelationId((goal: Goal) => goal.report) reportId: number | null;
}

/** TypeORM asks for the ids of its goals with a statement of their own. */
@Entity({ orderBy: { id: 'ASC' } })
export class Report {
  @PrimaryGeneratedColumn() id: number;
  @Column() text: string;
  @OneToMany(() => Goal, (goal) => goal.report, { lazy: true }) goals: Promise<Goal[]>;
  @RelationId((report: Report) => report.goals) goalIds: number[];
}

export const clubEntities = [Club, Person, Player, Coach, Skill, Locker, Item, Fixture, Goal, Report];

/** The lazy relations of each class. */
export const LAZY = {
  Club: ['people', 'fixtures'],
  Person: ['club', 'mentor', 'pupils', 'skills', 'following', 'followers', 'locker'],
  Player: ['club', 'mentor', 'pupils', 'skills', 'following', 'followers', 'locker', 'formerly'],
  Coach: ['club', 'mentor', 'pupils', 'skills', 'following', 'followers', 'locker', 'formerlyTaught'],
  Skill: ['people'],
  Locker: ['person'],
  Fixture: ['home', 'goals', 'shown'],
  Goal: ['fixture', 'report'],
  Report: ['goals'],
} as const;
