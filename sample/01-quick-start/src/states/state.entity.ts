import { Column, Entity, OneToMany, PrimaryColumn, type Relation } from 'typeorm';
import { Airport } from '../airports/airport.entity.js';

@Entity('states')
export class State {
  @PrimaryColumn({ length: 2 })
  code!: string;

  @Column()
  name!: string;

  @OneToMany(() => Airport, (airport) => airport.state)
  airports!: Relation<Airport>[];
}
