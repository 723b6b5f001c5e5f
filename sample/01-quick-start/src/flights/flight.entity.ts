import {
  Column,
  Entity,
  Index,
  JoinTable,
  ManyToMany,
  ManyToOne,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';
import { Airport } from '../airports/airport.entity.js';
import { CrewMember } from '../crew/crew-member.entity.js';
import { Aircraft } from '../fleet/aircraft.entity.js';

@Entity('flights')
export class Flight {
  @PrimaryGeneratedColumn()
  id!: number;

  @Index()
  @Column('timestamptz')
  departsAt!: Date;

  @Column()
  delayMinutes!: number;

  @Column()
  distanceMiles!: number;

  @Index()
  @Column({ length: 4 })
  originIata!: string;

  @ManyToOne(() => Airport, (airport) => airport.departures)
  origin!: Relation<Airport>;

  @Column({ length: 4 })
  destinationIata!: string;

  @ManyToOne(() => Airport)
  destination!: Relation<Airport>;

  @Column()
  aircraftId!: number;

  @ManyToOne(() => Aircraft)
  aircraft!: Relation<Aircraft>;

  @ManyToMany(() => CrewMember, (member) => member.flights)
  @JoinTable({ name: 'flight_crew' })
  crew!: Relation<CrewMember>[];
}
