import {
  Column,
  DeleteDateColumn,
  Entity,
  In,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  type DataSource,
  type Relation,
} from 'typeorm';

@Entity()
export class Shelf {
  @PrimaryColumn() id: number;
  @Column() label: string;
  @Column({ select: false, nullable: true }) secret: string;
  @OneToMany(() => Volume, (volume) => volume.shelf) volumes: Promise<Volume[]>;
  @OneToMany(() => Note, (note) => note.shelf) notes: Note[];
  @OneToMany(() => Mark, (mark) => mark.shelf) marks: Mark[];
  @OneToMany(() => Sticker, (sticker) => sticker.shelf) stickers: Sticker[];
}

@Entity()
export class Volume {
  @PrimaryColumn() id: number;
  @Column() title: string;
  @Column() shelfId: number;
  @ManyToOne(() => Shelf, (shelf) => shelf.volumes) shelf: Promise<Shelf>;
  @OneToMany(() => Page, (page) => page.volume) pages: Promise<Page[]>;
  @DeleteDateColumn() removedAt: Date | null;
}

@Entity()
export class Page {
  @PrimaryColumn() id: number;
  @Column() volumeId: number;
  @ManyToOne(() => Volume, (volume) => volume.pages) volume: Promise<Volume>;
}

@Entity()
export class Note {
  @PrimaryColumn() id: number;
  @Column() shelfId: number;
  @ManyToOne(() => Shelf, (shelf) => shelf.notes) shelf: Shelf;
}

@Entity()
export class Mark {
  @PrimaryColumn() id: number;
  @Column() shelfId: number;
  @ManyToOne(() => Shelf, (shelf) => shelf.marks) shelf: Shelf;
}

/** A query builder sorts it too, unless it is told otherwise. */
@Entity({ orderBy: { id: 'ASC' } })
export class Sticker {
  @PrimaryColumn() id: number;
  @Column() size: number;
  @ManyToOne(() => Shelf, (shelf) => shelf.stickers) shelf: Relation<Shelf>;
}

@Entity()
export class Label {
  @PrimaryColumn() id: number;
  @Column({ length: 40 }) code: string;
  @Column() isNew: boolean;
}

@Entity()
export class Poster {
  @PrimaryColumn() id: number;
  @Column() code: string;
  @Column() shelfId: number;
  @ManyToOne(() => Shelf, { eager: true }) shelf: Relation<Shelf>;
}

export const shelfEntities = [Shelf, Volume, Page, Note, Mark, Sticker, Label, Poster];

export const numbers = (count: number, from = 1) => Array.from({ length: count }, (_, at) => at + from);

/** Four shelves of three volumes (one of them removed), of two pages each; eight notes and eight marks, and three stickers, for each shelf. */
export async function fillShelves({ manager }: DataSource): Promise<void> {
  await manager.insert(
    Shelf,
    numbers(4).map((id) => ({ id, label: `shelf ${id % 2}`, secret: 'hidden' })),
  );
  const volumes = numbers(12).map((id) => ({ id, title: `volume ${id}`, shelfId: ((id - 1) % 4) + 1 }));
  await manager.insert(Volume, volumes);
  await manager.softDelete(Volume, { id: In([1, 2, 3, 4]) });
  await manager.insert(
    Page,
    numbers(24).map((id) => ({ id, volumeId: ((id - 1) % 12) + 1 })),
  );
  const ofShelf = numbers(32).map((id) => ({ id, shelfId: ((id - 1) % 4) + 1 }));
  await manager.insert(Note, ofShelf);
  await manager.insert(Mark, ofShelf);
  await manager.insert(
    Sticker,
    numbers(12).map((id) => ({ id, size: (id * 7) % 13, shelf: { id: ((id - 1) % 4) + 1 } })),
  );
  await manager.insert(
    Label,
    numbers(8).map((id) => ({ id, code: `code-${(id - 1) % 4}`, isNew: id <= 4 })),
  );
  await manager.insert(
    Poster,
    numbers(4).map((id) => ({ id, shelfId: id, code: `code-${id - 1}` })),
  );
}
