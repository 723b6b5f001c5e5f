import { Column, Entity, Index, ManyToOne, OneToMany, PrimaryColumn, type Relation } from 'typeorm';
import { CrewMember } from '../crew/crew-member.entity.js';
import { Flight } from '../flights/flight.entity.js';
import { State } from '../states/state.entity.js';
import { Gate } from './gate.entity.js';

@Entity('airports')
export class Airport {
  @PrimaryColumn({ length: 4 })
  iata!: string;

  @Column()
  name!: string;

  @Column()
  city!: string;

  @Column('double precision')
  latitude!: number;

  @Column('double precision')
  longitude!: number;

  @Index()
  @Column({ length: 2 })
  stateCode!: string;

  @ManyToOne(() => State, (state) => state.airports)
  state!: Relation<State>;

  @OneToMany(() => Gate, (gate) => gate.airport)
  gates!: Relation<Gate>[];

  @OneToMany(() => CrewMember, (member) => member.base)
  crew!: Relation<CrewMember>[];

  @OneToMany(() => Flight, (flight) => flight.origin)
  departures!: Relation<Flight>[];
}
