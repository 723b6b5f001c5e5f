import type { EntityModel, RelationModel, SchemaModel } from '../../../lib/record/schema-model.js';

const plain = { isOwning: false, isLazy: false, isEager: false, joinColumns: [] };

function toMany(property: string, target: string, inverse: string): RelationModel {
  return { ...plain, property, kind: 'one-to-many', target, inverse };
}

function toOne(property: string, target: string, column: string, inverse?: string): RelationModel {
  const joinColumns = [{ column, references: 'id' }];
  return { ...plain, property, kind: 'many-to-one', target, isOwning: true, inverse, joinColumns };
}

function entity(name: string, columns: readonly string[], relations: readonly RelationModel[]): EntityModel {
  return {
    name,
    table: name.toLowerCase(),
    columns: ['id', ...columns].map((column) => ({ property: column, column, isPrimary: column === 'id' })),
    relations,
  };
}

/** Authors, their books, the books' reviews and pictures. */
export const library: SchemaModel = {
  dataSource: 'default',
  driver: 'postgres',
  typeormVersion: '1',
  entities: [
    entity('Author', ['name'], [toMany('books', 'Book', 'author')]),
    entity(
      'Book',
      ['title', 'authorId'],
      [
        toOne('author', 'Author', 'authorId', 'books'),
        toMany('reviews', 'Review', 'book'),
        toMany('pictures', 'Picture', 'book'),
      ],
    ),
    entity('Review', ['text', 'bookId'], [toOne('book', 'Book', 'bookId', 'reviews')]),
    entity('Picture', ['url', 'bookId'], [toOne('book', 'Book', 'bookId', 'pictures')]),
    entity('Setting', ['name', 'value'], []),
  ],
};
