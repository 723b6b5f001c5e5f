import type { DataSource } from 'typeorm';
import { Author, Book, Club, Member, Review, Shelf } from './library.entities.js';

/** Three books with two reviews and one shelf each, two clubs with two members each. */
export async function insertLibrary({ manager }: DataSource): Promise<void> {
  const author = await manager.save(Author, { name: { first: 'Ada', last: 'Byron' } });
  const shelf = await manager.save(Shelf, { room: 'north' });
  for (const title of ['one', 'two', 'three']) {
    const text = `${title} `.repeat(200);
    const book = await manager.save(Book, {
      title,
      text,
      topics: ['prose', title],
      author,
      shelves: [shelf],
    });
    for (const stars of [3, 5])
      await manager.save(Review, { stars, text: `${stars} stars`, book, critic: author });
  }
  for (const name of ['first', 'second']) {
    const club = await manager.save(Club, manager.create(Club, { name }));
    for (const member of ['Eve', 'Bob']) {
      const created = manager.create(Member, { name: member });
      created.club = Promise.resolve(club);
      await manager.save(created);
    }
  }
}
