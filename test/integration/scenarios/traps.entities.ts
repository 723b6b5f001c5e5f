import {
  Column,
  Entity,
  JoinColumn,
  ManyToMany,
  JoinTable,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  RelationId,
  Tree,
  TreeChildren,
  TreeParent,
  type DataSource,
  type Relation,
} from 'typeorm';

/** A key of two columns. */
@Entity()
export class Depot {
  @PrimaryColumn() tenant!: number;
  @PrimaryColumn() no!: number;
  @Column() name!: string;
  @OneToMany(() => Parcel, (parcel) => parcel.depot) parcels!: Parcel[];
}

/** Its foreign key has no properties of its own. */
@Entity()
export class Parcel {
  @PrimaryGeneratedColumn() id!: number;
  @Column() label!: string;
  @ManyToOne(() => Depot, (depot) => depot.parcels) depot!: Relation<Depot> | null;
}

@Entity()
export class LazyParcel {
  @PrimaryGeneratedColumn() id!: number;
  @Column() label!: string;
  @ManyToOne(() => Depot) depot!: Promise<Depot | null>;
}

/** As the finding advises. */
@Entity()
export class TracedParcel {
  @PrimaryGeneratedColumn() id!: number;
  @Column() label!: string;
  @Column() depotTenant!: number;
  @Column() depotNo!: number;
  @ManyToOne(() => Depot)
  @JoinColumn([
    { name: 'depotTenant', referencedColumnName: 'tenant' },
    { name: 'depotNo', referencedColumnName: 'no' },
  ])
  depot!: Promise<Depot | null>;
}

@Entity()
export class Crate {
  @PrimaryGeneratedColumn() id!: number;
  @Column() title!: string;
  @OneToMany(() => Bottle, (bottle) => bottle.crate) bottles!: Bottle[];
  @RelationId((crate: Crate) => crate.bottles) bottleIds!: number[];
  @ManyToMany(() => Mark) @JoinTable() marks!: Mark[];
}

@Entity()
export class Bottle {
  @PrimaryGeneratedColumn() id!: number;
  @Column() vintage!: number;
  @ManyToOne(() => Crate, (crate) => crate.bottles) crate!: Relation<Crate>;
}

@Entity()
export class Mark {
  @PrimaryGeneratedColumn() id!: number;
  @Column() name!: string;
}

/** Each find of a shop loads its staff, and the role of each. */
@Entity()
export class Shop {
  @PrimaryGeneratedColumn() id!: number;
  @Column() city!: string;
  @OneToMany(() => Clerk, (clerk) => clerk.shop, { eager: true }) clerks!: Clerk[];
}

@Entity()
export class Clerk {
  @PrimaryGeneratedColumn() id!: number;
  @Column() name!: string;
  @ManyToOne(() => Shop, (shop) => shop.clerks) shop!: Relation<Shop>;
  @ManyToOne(() => Role, { eager: true }) role!: Relation<Role>;
}

@Entity()
export class Role {
  @PrimaryGeneratedColumn() id!: number;
  @Column() name!: string;
}

@Entity()
@Tree('closure-table')
export class Topic {
  @PrimaryGeneratedColumn() id!: number;
  @Column() name!: string;
  @TreeParent() parent!: Topic | null;
  @TreeChildren() children!: Topic[];
}

export const trapEntities = [
  ...[Depot, Parcel, LazyParcel, TracedParcel],
  ...[Crate, Bottle, Mark, Shop, Clerk, Role, Topic],
];

/** Four depots of two tenants with a parcel each; three crates of four bottles and two marks; three shops of four clerks. */
export async function fillTraps({ manager }: DataSource): Promise<void> {
  const depots = [1, 2].flatMap((tenant) =>
    [1, 2].map((no) => ({ tenant, no, name: `depot ${tenant}.${no}` })),
  );
  await manager.insert(Depot, depots);
  // `insert()` writes the generated ids on what it is given.
  const parcels = () => depots.map((depot) => ({ label: `of ${depot.name}`, depot }));
  await manager.insert(Parcel, parcels());
  await manager.insert(LazyParcel, parcels() as object[]);
  await manager.insert(
    TracedParcel,
    depots.map(({ tenant, no, name }) => ({ label: `of ${name}`, depotTenant: tenant, depotNo: no })),
  );
  const marks = await manager.save(Mark, [{ name: 'old' }, { name: 'rare' }]);
  for (const title of ['first', 'second', 'third']) {
    const bottles = await manager.save(
      Bottle,
      [1, 2, 3, 4].map((vintage) => ({ vintage })),
    );
    await manager.save(Crate, { title, bottles, marks });
  }
  const role = await manager.save(Role, { name: 'clerk' });
  for (const city of ['Bern', 'Rome', 'Oslo']) {
    const clerks = await manager.save(
      Clerk,
      ['ann', 'ben', 'cid', 'dot'].map((name) => ({ name, role })),
    );
    await manager.save(Shop, { city, clerks });
  }
  for (const name of ['arts', 'science', 'trade']) {
    const parent = await manager.save(Topic, manager.create(Topic, { name }));
    await manager.save(Topic, manager.create(Topic, { name: `more ${name}`, parent }));
  }
}
