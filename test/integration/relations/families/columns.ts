import {
  Column,
  DeleteDateColumn,
  Entity,
  JoinColumn,
  ManyToOne,
  OneToMany,
  PrimaryGeneratedColumn,
  RelationId,
  VirtualColumn,
  type Relation,
} from 'typeorm';
import { four, type FamilyOptions, type MakeFamily } from '../family.js';

/** TypeORM checks entities at start-up, and fails on a lazy relation in an embedded object. */
const noLazy = ({ declared, relation }: FamilyOptions) => (declared === 'lazy' ? {} : relation);

export const customers: MakeFamily = (options) => {
  @Entity()
  class City {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
  }

  class Address {
    @Column() street!: string;
    @ManyToOne(() => City, noLazy(options)) @JoinColumn({ name: 'city_fk' }) city!: Relation<City>;
    @Column({ name: 'city_fk' }) cityId!: number;
  }

  @Entity()
  class Customer {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @Column(() => Address) address!: Address;
  }

  return {
    entities: [City, Customer],
    rows: {
      'embedded, to-one': {
        parents: Customer,
        path: 'address.city',
        byHand: ({ address }, of) => of(City).findOneBy({ id: address.cityId }),
      },
    },
    fill: async (manager) => {
      await manager.insert(
        City,
        four.map((n) => ({ name: `city ${n}` })),
      );
      await manager.insert(
        Customer,
        four.map((n) => ({ name: `customer ${n}`, address: { street: 'Main', cityId: n } })),
      );
    },
  };
};

export const senders: MakeFamily = (options) => {
  class Post {
    @Column() office!: string;
    @OneToMany(() => Parcel, (parcel) => parcel.sender, noLazy(options)) parcels!: Parcel[];
  }

  @Entity()
  class Sender {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @Column(() => Post) post!: Post;
  }

  @Entity()
  class Parcel {
    @PrimaryGeneratedColumn() id!: number;
    @Column() weight!: number;
    @ManyToOne(() => Sender, (sender) => sender.post.parcels) sender!: Relation<Sender>;
    @Column() senderId!: number;
  }

  return {
    entities: [Sender, Parcel],
    rows: {
      'embedded, to-many': {
        parents: Sender,
        path: 'post.parcels',
        byHand: ({ id }, of) => of(Parcel).findBy({ senderId: id }),
      },
    },
    fill: async (manager) => {
      await manager.insert(
        Sender,
        four.map((n) => ({ name: `sender ${n}`, post: { office: 'east' } })),
      );
      await manager.insert(
        Parcel,
        [...four, ...four].map((n) => ({ weight: n, senderId: n })),
      );
    },
  };
};

/** Of three parts of each machine one is deleted, and of five machines one. */
export const machines: MakeFamily = ({ relation }) => {
  @Entity()
  class Machine {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @OneToMany(() => Part, (part) => part.machine, relation) parts!: Part[];
    @DeleteDateColumn() deletedAt!: Date | null;
  }

  @Entity()
  class Part {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @ManyToOne(() => Machine, (machine) => machine.parts) machine!: Relation<Machine>;
    @Column() machineId!: number;
    @DeleteDateColumn() deletedAt!: Date | null;
  }

  return {
    entities: [Machine, Part],
    rows: {
      'soft-deleted': {
        parents: Machine,
        path: 'parts',
        byHand: ({ id }, of) => of(Part).findBy({ machineId: id }),
      },
    },
    fill: async (manager) => {
      await manager.insert(
        Machine,
        [...four, 5].map((n) => ({ name: `machine ${n}` })),
      );
      for (const name of ['screw', 'nut', 'old'])
        await manager.insert(
          Part,
          four.map((machineId) => ({ name, machineId })),
        );
      await manager.softDelete(Part, { name: 'old' });
      await manager.softDelete(Machine, { name: 'machine 5' });
    },
  };
};

/** TypeORM reads the ids of a collection with one more statement for each list. */
export const orders: MakeFamily = ({ relation }) => {
  @Entity()
  class Order {
    @PrimaryGeneratedColumn() id!: number;
    @Column() status!: string;
    @OneToMany(() => Line, (line) => line.order, relation) lines!: Line[];
    @RelationId((order: Order) => order.lines) lineIds!: number[];
  }

  @Entity()
  class Line {
    @PrimaryGeneratedColumn() id!: number;
    @Column() quantity!: number;
    @ManyToOne(() => Order, (order) => order.lines) order!: Relation<Order>;
  }

  return {
    entities: [Order, Line],
    rows: {
      '@RelationId of a to-many': {
        parents: Order,
        path: 'lines',
        byHand: ({ id }, of) => of(Line).findBy({ order: { id } }),
      },
    },
    fill: async (manager) => {
      const all = await manager.save(four.map(() => manager.create(Order, { status: 'open' })));
      await manager.save([...all, ...all].map((order) => manager.create(Line, { quantity: 1, order })));
    },
  };
};

export const invoices: MakeFamily = ({ relation }) => {
  @Entity()
  class Payer {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
  }

  @Entity()
  class Invoice {
    @PrimaryGeneratedColumn() id!: number;
    @Column() amount!: number;
    @ManyToOne(() => Payer, relation) payer!: Relation<Payer>;
    @RelationId((invoice: Invoice) => invoice.payer) payerId!: number;
  }

  return {
    entities: [Payer, Invoice],
    rows: {
      '@RelationId of a to-one': {
        parents: Invoice,
        path: 'payer',
        byHand: ({ payerId }, of) => of(Payer).findOneBy({ id: payerId }),
      },
    },
    fill: async (manager) => {
      const all = await manager.save(four.map((n) => manager.create(Payer, { name: `payer ${n}` })));
      await manager.save(all.map((payer) => manager.create(Invoice, { amount: 100, payer })));
    },
  };
};

export const teams: MakeFamily = ({ relation, dialect }) => {
  const quote = (name: string) => (dialect === 'mysql' ? `\`${name}\`` : `"${name}"`);

  @Entity()
  class Team {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @OneToMany(() => Player, (player) => player.team, relation) players!: Player[];
    @VirtualColumn({
      query: (alias) => `SELECT COUNT(*) FROM ${quote('player')} WHERE ${quote('teamId')} = ${alias}.id`,
    })
    playerCount!: number;
  }

  @Entity()
  class Player {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @ManyToOne(() => Team, (team) => team.players) team!: Relation<Team>;
    @Column() teamId!: number;
  }

  return {
    entities: [Team, Player],
    rows: {
      'virtual column': {
        parents: Team,
        path: 'players',
        byHand: ({ id }, of) => of(Player).findBy({ teamId: id }),
      },
    },
    fill: async (manager) => {
      await manager.insert(
        Team,
        four.map((n) => ({ name: `team ${n}` })),
      );
      await manager.insert(
        Player,
        [...four, ...four].map((n) => ({ name: 'player', teamId: n })),
      );
    },
  };
};
