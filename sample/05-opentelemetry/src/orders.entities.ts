import { Column, Entity, ManyToOne, OneToMany, PrimaryGeneratedColumn, type Relation } from 'typeorm';

@Entity()
export class Order {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column()
  customer!: string;

  @OneToMany(() => OrderLine, (line) => line.order)
  lines!: Promise<Relation<OrderLine>[]>;
}

@Entity()
export class OrderLine {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column()
  product!: string;

  @Column()
  pieces!: number;

  @Column()
  orderId!: number;

  @ManyToOne(() => Order, (order) => order.lines)
  order!: Promise<Relation<Order>>;
}
