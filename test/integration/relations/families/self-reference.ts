import 'reflect-metadata';
import {
  Column,
  Entity,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  Tree,
  TreeChildren,
  TreeParent,
  type Relation,
} from 'typeorm';
import { four, type Family, type MakeFamily } from '../family.js';

/** An eager relation to its own class would be a circle, which TypeORM refuses at start-up. */
const noCircle = ({ declared, relation }: Parameters<MakeFamily>[0]) =>
  declared === 'eager' ? {} : relation;

/** Employee 1 has no manager, the others have 1 or 2. */
export const employees: MakeFamily = (options) => {
  @Entity()
  class Employee {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @ManyToOne(() => Employee, { nullable: true, ...noCircle(options) }) manager!: Relation<Employee | null>;
    @Column({ nullable: true }) managerId!: number | null;
  }

  return {
    entities: [Employee],
    rows: {
      'self-reference, to-one': {
        parents: Employee,
        path: 'manager',
        byHand: async ({ managerId }, of) =>
          managerId === null ? null : of(Employee).findOneBy({ id: managerId }),
      },
    },
    fill: async (manager) => {
      for (const managerId of [null, 1, 2, 3, 4])
        await manager.insert(Employee, { name: 'employee', managerId });
    },
  };
};

/** Four folders with two subfolders each: twelve parents in all, of which four have children. */
export const folders: MakeFamily = (options) => {
  @Entity()
  class Folder {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @OneToMany(() => Folder, (folder) => folder.parent, noCircle(options)) folders!: Folder[];
    @ManyToOne(() => Folder, (folder) => folder.folders, { nullable: true }) parent!: Relation<Folder | null>;
    @Column({ nullable: true }) parentId!: number | null;
  }

  return {
    entities: [Folder],
    rows: {
      'self-reference, to-many': {
        parents: Folder,
        path: 'folders',
        byHand: ({ id }, of) => of(Folder).findBy({ parentId: id }),
      },
    },
    fill: async (manager) => {
      await manager.insert(
        Folder,
        four.map((n) => ({ name: `folder ${n}`, parentId: null })),
      );
      await manager.insert(
        Folder,
        [...four, ...four].map((n) => ({ name: `below ${n}`, parentId: n })),
      );
    },
  };
};

export const members: MakeFamily = (options) => {
  @Entity()
  class Member {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @ManyToMany(() => Member, (member) => member.followers, noCircle(options))
    @JoinTable()
    following!: Member[];
    @ManyToMany(() => Member, (member) => member.following, noCircle(options)) followers!: Member[];
  }

  return {
    entities: [Member],
    rows: {
      'self-reference, many-to-many, owner': {
        parents: Member,
        path: 'following',
        byHand: ({ id }, of) => of(Member).findBy({ followers: { id } }),
      },
      'self-reference, many-to-many, inverse': {
        parents: Member,
        path: 'followers',
        byHand: ({ id }, of) => of(Member).findBy({ following: { id } }),
      },
    },
    fill: async (manager) => {
      const all = await manager.save(four.map((n) => manager.create(Member, { name: `member ${n}` })));
      for (const [at, member] of all.entries())
        await manager.save(Object.assign(member, { following: [all[(at + 1) % 4], all[(at + 2) % 4]] }));
    },
  };
};

/** Four roots with two sections each. Whether the relations of a tree are lazy, TypeORM reads from their types. */
export const sections: MakeFamily = ({ declared }): Family => {
  const type = Reflect.metadata('design:type', declared === 'lazy' ? Promise : Object);

  @Entity()
  @Tree('closure-table')
  class Section {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @TreeParent() @type parent!: Relation<Section | null>;
    @TreeChildren() @type children!: Section[];
    @Column({ nullable: true }) parentId!: number | null;
  }

  return {
    entities: [Section],
    rows: {
      'closure tree, parent': {
        parents: Section,
        path: 'parent',
        byHand: async ({ parentId }, of) =>
          parentId === null ? null : of(Section).findOneBy({ id: parentId }),
      },
      'closure tree, children': {
        parents: Section,
        path: 'children',
        byHand: ({ id }, of) => of(Section).findBy({ parentId: id }),
      },
    },
    fill: async (manager) => {
      const roots = await manager.save(four.map((n) => manager.create(Section, { name: `section ${n}` })));
      for (const parent of [...roots, ...roots])
        await manager.save(manager.create(Section, { name: `${parent.name}.x`, parent }));
    },
  };
};
