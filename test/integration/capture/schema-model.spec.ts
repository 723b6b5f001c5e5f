import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import {
  ChildEntity,
  Column,
  DataSource,
  Entity,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  TableInheritance,
  Tree,
  TreeChildren,
  TreeParent,
} from 'typeorm';
import { schemaModel } from '../../../lib/capture/typeorm/schema-model.js';
import { blogEntities } from './blog.js';

class Address {
  @Column({ name: 'zip_code' }) zip: string;
}

@Entity({ name: 'people' })
class Person {
  @PrimaryGeneratedColumn({ name: 'person_id' }) id: number;
  @Column(() => Address) home: Address;
  @OneToMany(() => Document, (document) => document.author) documents: Document[];
  @ManyToMany(() => Person, (person) => person.followers)
  @JoinTable({ name: 'follows', joinColumn: { name: 'who' }, inverseJoinColumn: { name: 'whom' } })
  following: Person[];
  @ManyToMany(() => Person, (person) => person.following) followers: Person[];
}

@Entity()
@TableInheritance({ column: { name: 'kind', type: 'varchar' } })
class Document {
  @PrimaryColumn() tenant: number;
  @PrimaryColumn() no: number;
  @ManyToOne(() => Person, (person) => person.documents) @JoinColumn({ name: 'author_fk' }) author: Person;
}

@ChildEntity()
class Page extends Document {
  @Column() text: string;
}

@Entity()
class Line {
  @PrimaryGeneratedColumn() id: number;
  @ManyToOne(() => Document) document: Document;
}

@Entity()
@Tree('closure-table')
class Node {
  @PrimaryGeneratedColumn() id: number;
  @TreeChildren() children: Node[];
  @TreeParent() parent: Node;
}

async function modelOf(entities: readonly (new () => object)[]) {
  const dataSource = await new DataSource({ type: 'sqljs', entities: [...entities] }).initialize();
  const model = schemaModel(dataSource, 'default');
  await dataSource.destroy();
  return { model, entity: (name: string) => model.entities.find((entity) => entity.name === name) };
}

describe('schemaModel', () => {
  it('knows tables, columns and versions by their own names', async () => {
    const { model, entity } = await modelOf([Person, Document, Page, Line]);
    expect(model).toMatchObject({ dataSource: 'default', driver: 'sqljs', typeormVersion: '1' });
    expect(entity('Person')).toMatchObject({ table: 'people', parent: undefined });
    expect(entity('Person')?.columns).toEqual([
      { property: 'id', column: 'person_id', isPrimary: true },
      { property: 'home.zip', column: 'homeZip_code', isPrimary: false },
    ]);
  });

  it('knows both sides of a many-to-many relation of a class with itself', async () => {
    const { model, entity } = await modelOf([Person, Document, Page, Line]);
    const relation = (name: string) => entity('Person')?.relations.find(({ property }) => property === name);
    const who = { column: 'who', references: 'person_id' };
    const whom = { column: 'whom', references: 'person_id' };
    expect(relation('following')).toMatchObject({
      kind: 'many-to-many',
      isOwning: true,
      inverse: 'followers',
      joinColumns: [],
      junction: { table: 'follows', own: [who], other: [whom] },
    });
    expect(relation('followers')).toMatchObject({
      isOwning: false,
      junction: { table: 'follows', own: [whom], other: [who] },
    });
    expect(model.entities.map(({ name }) => name)).toEqual(expect.not.arrayContaining(['follows']));
  });

  it('knows single-table inheritance and composite foreign keys', async () => {
    const { entity } = await modelOf([Person, Document, Page, Line]);
    expect(entity('Page')).toMatchObject({ table: 'document', parent: 'Document' });
    expect(entity('Page')?.relations).toMatchObject([
      { property: 'author', joinColumns: [{ column: 'author_fk', references: 'person_id' }] },
    ]);
    expect(entity('Line')?.relations[0]?.joinColumns).toEqual([
      { column: 'documentTenant', references: 'tenant' },
      { column: 'documentNo', references: 'no' },
    ]);
  });

  it('leaves out the tables that TypeORM makes for itself', async () => {
    const { model } = await modelOf([Node]);
    expect(model.entities.map(({ name }) => name)).toEqual(['Node']);
  });

  it('knows lazy, eager and one-to-one relations', async () => {
    const { entity } = await modelOf(blogEntities);
    const relations = (name: string) => entity(name)?.relations;
    expect(relations('Post')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ property: 'author', isLazy: true, isEager: false, target: 'Author' }),
        expect.objectContaining({ property: 'category', isLazy: false, isEager: true, inverse: undefined }),
      ]),
    );
    expect(relations('Author')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          property: 'profile',
          kind: 'one-to-one',
          isOwning: false,
          joinColumns: [],
        }),
      ]),
    );
  });
});
