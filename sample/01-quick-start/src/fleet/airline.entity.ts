import { Column, Entity, OneToMany, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { Aircraft } from './aircraft.entity.js';

@Entity('airlines')
export class Airline {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ unique: true })
  name!: string;

  @OneToMany(() => Aircraft, (aircraft) => aircraft.airline)
  fleet!: Relation<Aircraft>[];
}
