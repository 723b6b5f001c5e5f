import {
  ChildEntity,
  Column,
  Entity,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  TableInheritance,
  type Relation,
} from 'typeorm';
import { four, type MakeFamily, type Row } from '../family.js';

/** Single-table inheritance; the relation is one of the base class. */
export const documents: MakeFamily = ({ relation }) => {
  @Entity()
  class Editor {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
  }

  @Entity()
  @TableInheritance({ column: { type: 'varchar', name: 'kind' } })
  class Document {
    @PrimaryGeneratedColumn() id!: number;
    @Column() title!: string;
    @ManyToOne(() => Editor, relation) editor!: Relation<Editor>;
    @Column() editorId!: number;
  }

  @ChildEntity()
  class Page extends Document {
    @Column({ nullable: true }) words!: number;
  }

  @ChildEntity()
  class Drawing extends Document {
    @Column({ nullable: true }) width!: number;
  }

  const byHand: Row['byHand'] = ({ editorId }, of) => of(Editor).findOneBy({ id: editorId });
  return {
    entities: [Editor, Document, Page, Drawing],
    rows: {
      'STI, to-one, list of the child': { parents: Page, path: 'editor', byHand },
      'STI, to-one, list of the base': { parents: Document, path: 'editor', byHand },
    },
    fill: async (manager) => {
      await manager.insert(
        Editor,
        four.map((n) => ({ name: `editor ${n}` })),
      );
      await manager.save(
        four.map((n) => manager.create(Page, { title: `page ${n}`, words: n, editorId: n })),
      );
      await manager.save(
        four.map((n) => manager.create(Drawing, { title: `drawing ${n}`, width: n, editorId: n })),
      );
    },
  };
};

/** The relation is one of the child class alone. */
export const vehicles: MakeFamily = ({ relation }) => {
  @Entity()
  @TableInheritance({ column: { type: 'varchar', name: 'kind' } })
  class Vehicle {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
  }

  @ChildEntity()
  class Car extends Vehicle {
    @OneToMany(() => Wheel, (wheel) => wheel.car, relation) wheels!: Wheel[];
  }

  @ChildEntity()
  class Boat extends Vehicle {
    @Column({ nullable: true }) length!: number;
  }

  @Entity()
  class Wheel {
    @PrimaryGeneratedColumn() id!: number;
    @Column() size!: number;
    @ManyToOne(() => Car, (car) => car.wheels) car!: Relation<Car>;
    @Column() carId!: number;
  }

  const byHand: Row['byHand'] = ({ id }, of) => of(Wheel).findBy({ carId: id });
  const isParent = (row: object) => row instanceof Car;
  return {
    entities: [Vehicle, Car, Boat, Wheel],
    rows: {
      'STI, to-many of the child, list of the child': { parents: Car, path: 'wheels', byHand },
      'STI, to-many of the child, list of the base': { parents: Vehicle, path: 'wheels', byHand, isParent },
    },
    fill: async (manager) => {
      const cars = await manager.save(four.map((n) => manager.create(Car, { name: `car ${n}` })));
      await manager.save([1, 2].map((n) => manager.create(Boat, { name: `boat ${n}`, length: n })));
      await manager.insert(
        Wheel,
        [...cars, ...cars].map(({ id }) => ({ size: 15, carId: id })),
      );
    },
  };
};
