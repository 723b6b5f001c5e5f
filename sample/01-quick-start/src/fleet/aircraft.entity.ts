import { Column, Entity, Index, ManyToOne, OneToMany, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { Airline } from './airline.entity.js';
import { MaintenanceNote } from './maintenance-note.entity.js';

@Entity('aircraft')
export class Aircraft {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ unique: true })
  tailNumber!: string;

  @Column()
  model!: string;

  @Column('date', { nullable: true })
  inspectedOn!: string | null;

  @Index()
  @Column()
  airlineId!: number;

  @ManyToOne(() => Airline, (airline) => airline.fleet)
  airline!: Relation<Airline>;

  @OneToMany(() => MaintenanceNote, (note) => note.aircraft)
  maintenanceNotes!: Promise<MaintenanceNote[]>;
}
