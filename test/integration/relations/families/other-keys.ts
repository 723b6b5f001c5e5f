import { randomUUID } from 'node:crypto';
import {
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
  type Relation,
} from 'typeorm';
import { four, type MakeFamily } from '../family.js';

/** One-to-one by a primary key that is the foreign key. */
export const logins: MakeFamily = ({ relation }) => {
  @Entity()
  class Login {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @OneToOne(() => Settings, (settings) => settings.login, relation) settings!: Relation<Settings>;
  }

  @Entity()
  class Settings {
    @PrimaryColumn() loginId!: number;
    @Column() theme!: string;
    @OneToOne(() => Login, (login) => login.settings)
    @JoinColumn({ name: 'loginId' })
    login!: Relation<Login>;
  }

  return {
    entities: [Login, Settings],
    rows: {
      'one-to-one by a shared key, inverse': {
        parents: Login,
        path: 'settings',
        byHand: ({ id }, of) => of(Settings).findOneBy({ loginId: id }),
      },
    },
    fill: async (manager) => {
      await manager.insert(
        Login,
        four.map((n) => ({ name: `login ${n}` })),
      );
      await manager.insert(
        Settings,
        four.map((n) => ({ loginId: n, theme: 'dark' })),
      );
    },
  };
};

/** The owning side of the same. */
export const profiles: MakeFamily = ({ relation }) => {
  @Entity()
  class Person {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @OneToOne(() => Profile, (profile) => profile.person) profile!: Relation<Profile>;
  }

  @Entity()
  class Profile {
    @PrimaryColumn() personId!: number;
    @Column() motto!: string;
    @OneToOne(() => Person, (person) => person.profile, relation)
    @JoinColumn({ name: 'personId' })
    person!: Relation<Person>;
  }

  return {
    entities: [Person, Profile],
    rows: {
      'one-to-one by a shared key, owner': {
        parents: Profile,
        path: 'person',
        byHand: ({ personId }, of) => of(Person).findOneBy({ id: personId }),
      },
    },
    fill: async (manager) => {
      await manager.insert(
        Person,
        four.map((n) => ({ name: `person ${n}` })),
      );
      await manager.insert(
        Profile,
        four.map((n) => ({ personId: n, motto: 'on' })),
      );
    },
  };
};

/** The entity between two others has no key of its own. */
export const films: MakeFamily = ({ relation }) => {
  @Entity()
  class Film {
    @PrimaryGeneratedColumn() id!: number;
    @Column() title!: string;
    @OneToMany(() => Role, (role) => role.film, relation) roles!: Role[];
  }

  @Entity()
  class Actor {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @OneToMany(() => Role, (role) => role.actor) roles!: Role[];
  }

  @Entity()
  class Role {
    @PrimaryColumn() filmId!: number;
    @PrimaryColumn() actorId!: number;
    @Column() name!: string;
    @ManyToOne(() => Film, (film) => film.roles) film!: Relation<Film>;
    @ManyToOne(() => Actor, (actor) => actor.roles, relation) actor!: Relation<Actor>;
  }

  return {
    entities: [Film, Actor, Role],
    rows: {
      'through an entity, composite key': {
        parents: Film,
        path: 'roles.actor',
        byHand: async ({ id }, of) => {
          const roles = await of(Role).findBy({ filmId: id });
          for (const { actorId } of roles) await of(Actor).findOneBy({ id: actorId });
        },
      },
    },
    fill: async (manager) => {
      await manager.insert(
        Film,
        four.map((n) => ({ title: `film ${n}` })),
      );
      await manager.insert(
        Actor,
        four.map((n) => ({ name: `actor ${n}` })),
      );
      await manager.insert(
        Role,
        four.flatMap((filmId) =>
          [1, 2].map((n) => ({ name: 'role', filmId, actorId: ((filmId + n) % 4) + 1 })),
        ),
      );
    },
  };
};

/** Two columns of the junction table for each side. */
export const rooms: MakeFamily = ({ relation }) => {
  @Entity()
  class Room {
    @PrimaryColumn({ length: 20 }) house!: string;
    @PrimaryColumn() no!: number;
    @Column() name!: string;
    @ManyToMany(() => Lamp, (lamp) => lamp.rooms, relation) @JoinTable() lamps!: Lamp[];
  }

  @Entity()
  class Lamp {
    @PrimaryColumn({ length: 20 }) maker!: string;
    @PrimaryColumn() model!: number;
    @Column() watts!: number;
    @ManyToMany(() => Room, (room) => room.lamps) rooms!: Room[];
  }

  return {
    entities: [Room, Lamp],
    rows: {
      'composite key, many-to-many': {
        parents: Room,
        path: 'lamps',
        byHand: ({ house, no }, of) => of(Lamp).findBy({ rooms: { house, no } }),
      },
    },
    fill: async (manager) => {
      const lamps = await manager.save(
        [1, 2].map((n) => manager.create(Lamp, { maker: 'm', model: n, watts: 5 })),
      );
      await manager.save(
        four.map((n) => manager.create(Room, { house: n % 2 ? 'a' : 'b', no: 500 + n, name: 'room', lamps })),
      );
    },
  };
};

/** A foreign key that refers to a unique column beside the primary key. */
export const currencies: MakeFamily = ({ relation }) => {
  @Entity()
  class Currency {
    @PrimaryGeneratedColumn() id!: number;
    @Column({ length: 20, unique: true }) code!: string;
    @OneToMany(() => Price, (price) => price.currency) prices!: Price[];
  }

  @Entity()
  class Price {
    @PrimaryGeneratedColumn() id!: number;
    @Column() amount!: number;
    @ManyToOne(() => Currency, (currency) => currency.prices, relation)
    @JoinColumn({ name: 'currencyCode', referencedColumnName: 'code' })
    currency!: Relation<Currency>;
    @Column({ length: 20 }) currencyCode!: string;
  }

  return {
    entities: [Currency, Price],
    rows: {
      'to a unique column, many-to-one': {
        parents: Price,
        path: 'currency',
        byHand: ({ currencyCode }, of) => of(Currency).findOneBy({ code: currencyCode }),
      },
    },
    fill: async (manager) => {
      await manager.insert(
        Currency,
        four.map((n) => ({ code: `code-${n}` })),
      );
      await manager.insert(
        Price,
        [...four, ...four].map((n) => ({ amount: n, currencyCode: `code-${n}` })),
      );
    },
  };
};

/** The inverse side of such a key. */
export const airports: MakeFamily = ({ relation }) => {
  @Entity()
  class Airport {
    @PrimaryGeneratedColumn() id!: number;
    @Column({ length: 20, unique: true }) code!: string;
    @OneToMany(() => Gate, (gate) => gate.airport, relation) gates!: Gate[];
  }

  @Entity()
  class Gate {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @ManyToOne(() => Airport, (airport) => airport.gates)
    @JoinColumn({ name: 'airportCode', referencedColumnName: 'code' })
    airport!: Relation<Airport>;
    @Column({ length: 20 }) airportCode!: string;
  }

  return {
    entities: [Airport, Gate],
    rows: {
      'to a unique column, one-to-many': {
        parents: Airport,
        path: 'gates',
        byHand: ({ code }, of) => of(Gate).findBy({ airportCode: code }),
      },
    },
    fill: async (manager) => {
      await manager.insert(
        Airport,
        four.map((n) => ({ code: `code-${n}` })),
      );
      await manager.insert(
        Gate,
        [...four, ...four].map((n) => ({ name: 'gate', airportCode: `code-${n}` })),
      );
    },
  };
};

/** Keys that the application makes. */
export const playlists: MakeFamily = ({ relation }) => {
  @Entity()
  class Playlist {
    @PrimaryColumn({ length: 36 }) id!: string;
    @Column() name!: string;
    @OneToMany(() => Track, (track) => track.playlist, relation) tracks!: Track[];
  }

  @Entity()
  class Track {
    @PrimaryColumn({ length: 36 }) id!: string;
    @Column() title!: string;
    @ManyToOne(() => Playlist, (playlist) => playlist.tracks) playlist!: Relation<Playlist>;
    @Column() playlistId!: string;
  }

  return {
    entities: [Playlist, Track],
    rows: {
      'UUID, one-to-many': {
        parents: Playlist,
        path: 'tracks',
        byHand: ({ id }, of) => of(Track).findBy({ playlistId: id }),
      },
    },
    fill: async (manager) => {
      const all = await manager.save(
        four.map((n) => manager.create(Playlist, { id: randomUUID(), name: `playlist ${n}` })),
      );
      await manager.save(
        [...all, ...all].map(({ id }) =>
          manager.create(Track, { id: randomUUID(), title: 'track', playlistId: id }),
        ),
      );
    },
  };
};

/** One of the four that are referred to is deleted. */
export const drivers: MakeFamily = ({ relation }) => {
  @Entity()
  class Van {
    @PrimaryGeneratedColumn() id!: number;
    @Column() plate!: string;
    @DeleteDateColumn() deletedAt!: Date | null;
  }

  @Entity()
  class Driver {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @ManyToOne(() => Van, relation) van!: Relation<Van | null>;
    @Column() vanId!: number;
  }

  return {
    entities: [Van, Driver],
    rows: {
      'soft-deleted, to-one': {
        parents: Driver,
        path: 'van',
        byHand: ({ vanId }, of) => of(Van).findOneBy({ id: vanId }),
      },
    },
    fill: async (manager) => {
      await manager.insert(
        Van,
        four.map((n) => ({ plate: `van ${n}` })),
      );
      await manager.insert(
        Driver,
        four.map((n) => ({ name: `driver ${n}`, vanId: n })),
      );
      await manager.softDelete(Van, { plate: 'van 2' });
    },
  };
};

/** Names that have nothing to do with those of properties, seen from the foreign key. */
export const bills: MakeFamily = ({ relation }) => {
  @Entity('tbl_cust')
  class Client {
    @PrimaryGeneratedColumn({ name: 'c_no' }) id!: number;
    @Column({ name: 'c_label' }) name!: string;
  }

  @Entity('tbl_bill')
  class Bill {
    @PrimaryGeneratedColumn({ name: 'b_no' }) id!: number;
    @Column({ name: 'b_sum' }) total!: number;
    @ManyToOne(() => Client, relation) @JoinColumn({ name: 'c_fk' }) client!: Relation<Client>;
    @Column({ name: 'c_fk' }) clientId!: number;
  }

  return {
    entities: [Client, Bill],
    rows: {
      'custom names, many-to-one': {
        parents: Bill,
        path: 'client',
        byHand: ({ clientId }, of) => of(Client).findOneBy({ id: clientId }),
      },
    },
    fill: async (manager) => {
      await manager.insert(
        Client,
        four.map((n) => ({ name: `client ${n}` })),
      );
      await manager.insert(
        Bill,
        [...four, ...four].map((n) => ({ total: n, clientId: n })),
      );
    },
  };
};
