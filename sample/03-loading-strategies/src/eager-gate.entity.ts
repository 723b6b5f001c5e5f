import { Column, Entity, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { Airport } from '../../01-quick-start/src/airports/airport.entity.js';

/** The gates of sample 01 once more, with their airport in tow wherever they are read. */
@Entity('gates', { synchronize: false })
export class EagerGate {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column()
  name!: string;

  @Column({ length: 4 })
  airportIata!: string;

  @ManyToOne(() => Airport, { eager: true })
  airport!: Relation<Airport>;
}
