import {
  Column,
  CreateDateColumn,
  DeleteDateColumn,
  Entity,
  Index,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
  Tree,
  TreeChildren,
  TreeParent,
  VersionColumn,
} from 'typeorm';

/** Plain relations, as most applications have them, and the special cases of a schema that has grown. */
export class Address {
  @Column({ default: '' }) city!: string;
  @Column({ default: '' }) zip!: string;
}

@Entity()
export class Customer {
  @PrimaryGeneratedColumn() id!: number;
  @Index({ unique: true })
  @Column()
  email!: string;
  @Column() name!: string;
  @Column(() => Address) address!: Address;
  @OneToMany(() => Purchase, (purchase) => purchase.customer) purchases!: Purchase[];
}

@Entity()
export class Coupon {
  @PrimaryGeneratedColumn() id!: number;
  @Column() code!: string;
}

@Entity()
export class Purchase {
  @PrimaryGeneratedColumn() id!: number;
  @Column() status!: string;
  @Column() placedOn!: string;
  @Column({ default: 0 }) total!: number;
  @ManyToOne(() => Customer, (customer) => customer.purchases) customer!: Relation<Customer>;
  @Column({ nullable: true }) customerId!: number;
  @ManyToOne(() => Coupon, { nullable: true }) coupon!: Relation<Coupon | null>;
  @Column({ nullable: true }) couponId!: number | null;
  @OneToMany(() => Item, (item) => item.purchase, { cascade: true }) items!: Item[];
}

/** A key of two columns. */
@Entity()
export class Item {
  @PrimaryColumn() purchaseId!: number;
  @PrimaryColumn() line!: number;
  @Column() quantity!: number;
  @ManyToOne(() => Purchase, (purchase) => purchase.items) purchase!: Relation<Purchase>;
  @ManyToOne(() => Product) product!: Relation<Product>;
  @Column({ nullable: true }) productId!: number;
}

@Entity()
export class Product {
  @PrimaryGeneratedColumn() id!: number;
  @Index({ unique: true })
  @Column()
  sku!: string;
  @Column() title!: string;
  @Column({ default: 10 }) stock!: number;
  @OneToMany(() => Review, (review) => review.product) reviews!: Review[];
  @OneToMany(() => Image, (image) => image.product) images!: Image[];
  @ManyToMany(() => Tag, (tag) => tag.products)
  @JoinTable()
  tags!: Tag[];
  @CreateDateColumn() createdAt!: Date;
  @DeleteDateColumn() deletedAt!: Date | null;
  @VersionColumn({ default: 1 }) version!: number;
}

@Entity()
export class Tag {
  @PrimaryGeneratedColumn() id!: number;
  @Column() label!: string;
  @ManyToMany(() => Product, (product) => product.tags) products!: Product[];
}

@Entity()
export class Review {
  @PrimaryGeneratedColumn() id!: number;
  @Column() stars!: number;
  @Column() text!: string;
  @ManyToOne(() => Product, (product) => product.reviews) product!: Relation<Product>;
  @Column({ nullable: true }) productId!: number;
}

@Entity()
export class Image {
  @PrimaryGeneratedColumn() id!: number;
  @Column() url!: string;
  @ManyToOne(() => Product, (product) => product.images) product!: Relation<Product>;
  @Column({ nullable: true }) productId!: number;
}

/** Refers to its own table. */
@Entity()
export class Employee {
  @PrimaryGeneratedColumn() id!: number;
  @Column() name!: string;
  @ManyToOne(() => Employee, (employee) => employee.reports, { nullable: true })
  manager!: Relation<Employee | null>;
  @Column({ nullable: true }) managerId!: number | null;
  @OneToMany(() => Employee, (employee) => employee.manager) reports!: Employee[];
}

@Entity()
export class Setting {
  @PrimaryColumn() name!: string;
  @Column() value!: string;
}

@Entity()
export class Account {
  @PrimaryGeneratedColumn() id!: number;
  @Column() balance!: number;
}

/** Names that have nothing to do with the property names. */
@Entity('tbl_wh')
export class Warehouse {
  @PrimaryGeneratedColumn({ name: 'wh_no' }) id!: number;
  @Column({ name: 'wh_label' }) name!: string;
  @OneToMany(() => Shelf, (shelf) => shelf.warehouse) shelves!: Shelf[];
}

@Entity('tbl_shelf')
export class Shelf {
  @PrimaryGeneratedColumn({ name: 'sh_no' }) id!: number;
  @Column({ name: 'sh_code' }) code!: string;
  @ManyToOne(() => Warehouse, (warehouse) => warehouse.shelves)
  @JoinColumn({ name: 'wh_fk' })
  warehouse!: Relation<Warehouse>;
  @Column({ name: 'wh_fk', nullable: true }) warehouseId!: number;
}

/** Many-to-many through an entity of its own. */
@Entity()
export class Course {
  @PrimaryGeneratedColumn() id!: number;
  @Column() title!: string;
  @OneToMany(() => Enrolment, (enrolment) => enrolment.course) enrolments!: Enrolment[];
}

@Entity()
export class Enrolment {
  @PrimaryGeneratedColumn() id!: number;
  @ManyToOne(() => Course, (course) => course.enrolments) course!: Relation<Course>;
  @Column({ nullable: true }) courseId!: number;
  @ManyToOne(() => Pupil, (pupil) => pupil.enrolments) pupil!: Relation<Pupil>;
  @Column({ nullable: true }) pupilId!: number;
}

@Entity()
export class Pupil {
  @PrimaryGeneratedColumn() id!: number;
  @Column() name!: string;
  @OneToMany(() => Enrolment, (enrolment) => enrolment.pupil) enrolments!: Enrolment[];
}

@Entity()
@Tree('closure-table')
export class Section {
  @PrimaryGeneratedColumn() id!: number;
  @Column() name!: string;
  @TreeParent() parent!: Relation<Section | null>;
  @TreeChildren() children!: Section[];
}

/** Eager relations. */
@Entity()
export class Country {
  @PrimaryGeneratedColumn() id!: number;
  @Column() name!: string;
  @ManyToOne(() => Continent, { eager: true }) continent!: Relation<Continent>;
  @OneToMany(() => City, (city) => city.country, { eager: true }) cities!: City[];
}

@Entity()
export class Continent {
  @PrimaryGeneratedColumn() id!: number;
  @Column() name!: string;
}

@Entity()
export class City {
  @PrimaryGeneratedColumn() id!: number;
  @Column() name!: string;
  @ManyToOne(() => Country, (country) => country.cities) country!: Relation<Country>;
  @Column({ nullable: true }) countryId!: number;
}

/** A foreign key of two columns. */
@Entity()
export class Booking {
  @PrimaryColumn() tenant!: string;
  @PrimaryColumn() no!: number;
  @Column() guest!: string;
  @OneToMany(() => Leg, (leg) => leg.booking) legs!: Leg[];
}

@Entity()
export class Leg {
  @PrimaryGeneratedColumn() id!: number;
  @Column() flight!: string;
  @Column({ nullable: true }) tenant!: string;
  @Column({ name: 'booking_no', nullable: true }) bookingNo!: number;
  @ManyToOne(() => Booking, (booking) => booking.legs)
  @JoinColumn([
    { name: 'tenant', referencedColumnName: 'tenant' },
    { name: 'booking_no', referencedColumnName: 'no' },
  ])
  booking!: Relation<Booking>;
}

@Entity()
export class AuditEntry {
  @PrimaryGeneratedColumn() id!: number;
  @Column() text!: string;
}

export const shopEntities = [
  Customer,
  Coupon,
  Purchase,
  Item,
  Product,
  Tag,
  Review,
  Image,
  Employee,
  Setting,
  Account,
  Warehouse,
  Shelf,
  Course,
  Enrolment,
  Pupil,
  Section,
  Country,
  Continent,
  City,
  Booking,
  Leg,
  AuditEntry,
];
