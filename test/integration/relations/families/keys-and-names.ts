import {
  Column,
  Entity,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { four, type MakeFamily } from '../family.js';

const tenants = four.map((no) => ({ tenant: no % 2 ? 'north' : 'south', no: 700 + no }));

export const bookings: MakeFamily = ({ relation }) => {
  @Entity()
  class Booking {
    @PrimaryColumn({ length: 20 }) tenant!: string;
    @PrimaryColumn() no!: number;
    @Column() guest!: string;
    @OneToMany(() => Leg, (leg) => leg.booking, relation) legs!: Leg[];
  }

  @Entity()
  class Leg {
    @PrimaryGeneratedColumn() id!: number;
    @Column() flight!: string;
    @Column({ length: 20 }) tenant!: string;
    @Column() bookingNo!: number;
    @ManyToOne(() => Booking, (booking) => booking.legs)
    @JoinColumn([
      { name: 'tenant', referencedColumnName: 'tenant' },
      { name: 'bookingNo', referencedColumnName: 'no' },
    ])
    booking!: Relation<Booking>;
  }

  return {
    entities: [Booking, Leg],
    rows: {
      'composite key, to-many': {
        parents: Booking,
        path: 'legs',
        byHand: ({ tenant, no }, of) => of(Leg).findBy({ tenant, bookingNo: no }),
      },
    },
    fill: async (manager) => {
      await manager.insert(
        Booking,
        tenants.map((key) => ({ ...key, guest: 'guest' })),
      );
      await manager.insert(
        Leg,
        [...tenants, ...tenants].map(({ tenant, no }) => ({ flight: 'F1', tenant, bookingNo: no })),
      );
    },
  };
};

export const tickets: MakeFamily = ({ relation }) => {
  @Entity()
  class Trip {
    @PrimaryColumn({ length: 20 }) tenant!: string;
    @PrimaryColumn() no!: number;
    @Column() name!: string;
    @OneToMany(() => Ticket, (ticket) => ticket.trip) tickets!: Ticket[];
  }

  @Entity()
  class Ticket {
    @PrimaryGeneratedColumn() id!: number;
    @Column() seat!: string;
    @Column({ length: 20 }) tenant!: string;
    @Column() tripNo!: number;
    @ManyToOne(() => Trip, (trip) => trip.tickets, relation)
    @JoinColumn([
      { name: 'tenant', referencedColumnName: 'tenant' },
      { name: 'tripNo', referencedColumnName: 'no' },
    ])
    trip!: Relation<Trip>;
  }

  return {
    entities: [Trip, Ticket],
    rows: {
      'composite key, to-one': {
        parents: Ticket,
        path: 'trip',
        byHand: ({ tenant, tripNo }, of) => of(Trip).findOneBy({ tenant, no: tripNo }),
      },
    },
    fill: async (manager) => {
      await manager.insert(
        Trip,
        tenants.map((key) => ({ ...key, name: 'trip' })),
      );
      await manager.insert(
        Ticket,
        [...tenants, ...tenants].map(({ tenant, no }) => ({ seat: 'A1', tenant, tripNo: no })),
      );
    },
  };
};

/** Names of tables and columns that have nothing to do with those of classes and properties. */
export const warehouses: MakeFamily = ({ relation }) => {
  @Entity('tbl_wh')
  class Warehouse {
    @PrimaryGeneratedColumn({ name: 'wh_no' }) id!: number;
    @Column({ name: 'wh_label' }) name!: string;
    @OneToMany(() => Shelf, (shelf) => shelf.warehouse, relation) shelves!: Shelf[];
  }

  @Entity('tbl_shelf')
  class Shelf {
    @PrimaryGeneratedColumn({ name: 'sh_no' }) id!: number;
    @Column({ name: 'sh_code' }) code!: string;
    @ManyToOne(() => Warehouse, (warehouse) => warehouse.shelves)
    @JoinColumn({ name: 'wh_fk' })
    warehouse!: Relation<Warehouse>;
    @Column({ name: 'wh_fk' }) warehouseId!: number;
  }

  return {
    entities: [Warehouse, Shelf],
    rows: {
      'custom names, one-to-many': {
        parents: Warehouse,
        path: 'shelves',
        byHand: ({ id }, of) => of(Shelf).findBy({ warehouseId: id }),
      },
    },
    fill: async (manager) => {
      await manager.insert(
        Warehouse,
        four.map((n) => ({ name: `warehouse ${n}` })),
      );
      await manager.insert(
        Shelf,
        [...four, ...four].map((n) => ({ code: 'shelf', warehouseId: n })),
      );
    },
  };
};

export const vaults: MakeFamily = ({ relation }) => {
  @Entity('tbl_vault')
  class Vault {
    @PrimaryGeneratedColumn({ name: 'v_no' }) id!: number;
    @Column({ name: 'v_label' }) name!: string;
    @ManyToMany(() => Guard, (guard) => guard.vaults, relation)
    @JoinTable({ name: 'x_v_g', joinColumn: { name: 'v_fk' }, inverseJoinColumn: { name: 'g_fk' } })
    guards!: Guard[];
  }

  @Entity('tbl_guard')
  class Guard {
    @PrimaryGeneratedColumn({ name: 'g_no' }) id!: number;
    @Column({ name: 'g_label' }) name!: string;
    @ManyToMany(() => Vault, (vault) => vault.guards) vaults!: Vault[];
  }

  return {
    entities: [Vault, Guard],
    rows: {
      'custom names, many-to-many': {
        parents: Vault,
        path: 'guards',
        byHand: ({ id }, of) => of(Guard).findBy({ vaults: { id } }),
      },
    },
    fill: async (manager) => {
      const guards = await manager.save([1, 2].map((n) => manager.create(Guard, { name: `guard ${n}` })));
      await manager.save(four.map((n) => manager.create(Vault, { name: `vault ${n}`, guards })));
    },
  };
};

/** Tables of a schema; PostgreSQL only. The foreign key has no property. */
export const depots: MakeFamily = ({ relation, dialect }) => {
  const schema = dialect === 'postgres' ? { schema: 'yard' } : {};

  @Entity(schema)
  class Depot {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @OneToMany(() => Truck, (truck) => truck.depot, relation) trucks!: Truck[];
  }

  @Entity(schema)
  class Truck {
    @PrimaryGeneratedColumn() id!: number;
    @Column() plate!: string;
    @ManyToOne(() => Depot, (depot) => depot.trucks) depot!: Relation<Depot>;
  }

  return {
    entities: [Depot, Truck],
    rows: {
      'schema name': {
        parents: Depot,
        path: 'trucks',
        byHand: ({ id }, of) => of(Truck).findBy({ depot: { id } }),
      },
    },
    fill: async (manager) => {
      const all = await manager.save(four.map((n) => manager.create(Depot, { name: `depot ${n}` })));
      await manager.save([...all, ...all].map((depot) => manager.create(Truck, { plate: 'T', depot })));
    },
  };
};
