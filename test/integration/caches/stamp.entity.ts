import { Column, Entity, PrimaryColumn } from 'typeorm';
import * as typeorm03 from 'typeorm-0.3';

/** For both versions of TypeORM. */
@Entity()
@typeorm03.Entity()
export class Stamp {
  @PrimaryColumn()
  @typeorm03.PrimaryColumn()
  id: number;

  @Column()
  @typeorm03.Column()
  name: string;
}
