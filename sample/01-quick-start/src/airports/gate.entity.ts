import { Column, Entity, Index, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { Airport } from './airport.entity.js';

@Entity('gates')
export class Gate {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column()
  name!: string;

  @Index()
  @Column({ length: 4 })
  airportIata!: string;

  @ManyToOne(() => Airport, (airport) => airport.gates)
  airport!: Relation<Airport>;
}
