import { Column, Entity, ManyToOne, PrimaryGeneratedColumn, type Relation } from 'typeorm';
import { Aircraft } from './aircraft.entity.js';

@Entity('maintenance_notes')
export class MaintenanceNote {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column('date')
  reportedOn!: string;

  @Column()
  phase!: string;

  @Column()
  damage!: string;

  @Column()
  species!: string;

  @Column()
  costDollars!: number;

  @Column()
  aircraftId!: number;

  @ManyToOne(() => Aircraft, (aircraft) => aircraft.maintenanceNotes)
  aircraft!: Relation<Aircraft>;
}
