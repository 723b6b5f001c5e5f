import { Column, Entity, Index, ManyToMany, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { Airport } from '../airports/airport.entity.js';
import { Flight } from '../flights/flight.entity.js';

@Entity('crew_members')
export class CrewMember {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column()
  name!: string;

  @Column()
  role!: string;

  @Index()
  @Column({ length: 4 })
  baseIata!: string;

  @ManyToOne(() => Airport, (airport) => airport.crew)
  base!: Relation<Airport>;

  @ManyToMany(() => Flight, (flight) => flight.crew)
  flights!: Relation<Flight>[];
}
