import type { DataSource } from 'typeorm';
import {
  Author,
  Category,
  Comment,
  Entry,
  Folder,
  Hobby,
  Match,
  Page,
  Post,
  Profile,
  Student,
  Teacher,
  Team,
} from './blog.entities.js';

/** 4 of each kind of parent, 3 children for each: more than any threshold, small enough to follow by hand. */
export async function insertBlog(dataSource: DataSource): Promise<void> {
  const { manager } = dataSource;
  const numbers = [1, 2, 3, 4];
  const authors = await manager.save(numbers.map((n) => manager.create(Author, { name: `author ${n}` })));
  for (const author of authors) {
    const others = authors.filter((other) => other !== author).map(({ id }) => id);
    await manager.createQueryBuilder().relation(Author, 'followers').of(author.id).add(others);
  }
  await manager.insert(
    Profile,
    authors.map(({ id, name }) => ({ bio: `bio of ${name}`, authorId: id })),
  );
  await manager.insert(
    Hobby,
    authors.flatMap(({ id }) => [1, 2].map((n) => ({ name: `hobby ${n}`, authorId: id }))),
  );
  const categories = await manager.save(
    numbers.map((n) => manager.create(Category, { name: `category ${n}` })),
  );
  await manager.insert(
    Entry,
    categories.flatMap(({ id }) => [1, 2, 3].map((n) => ({ text: `entry ${n}`, categoryId: id }))),
  );
  const posts = await manager.save(
    categories.flatMap(({ id }, index) =>
      [1, 2, 3].map((n) =>
        manager.create(Post, {
          title: `post ${id}.${n}`,
          categoryId: id,
          authorId: authors[(index + n) % 4]?.id,
        }),
      ),
    ),
  );
  await manager.insert(
    Comment,
    posts.flatMap(({ id }) => [1, 2, 3].map((n) => ({ text: `comment ${n}`, postId: id }))),
  );
  const teachers = await manager.save(numbers.map((n) => manager.create(Teacher, { name: `teacher ${n}` })));
  const students = await manager.save(numbers.map((n) => manager.create(Student, { name: `student ${n}` })));
  for (const { id } of students) {
    await manager
      .createQueryBuilder()
      .relation(Student, 'teachers')
      .of(id)
      .add(teachers.map((teacher) => teacher.id));
  }
  const teams = await manager.save(numbers.map((n) => manager.create(Team, { name: `team ${n}` })));
  await manager.insert(
    Match,
    numbers.map((n) => ({ homeId: teams[n % 4]?.id, awayId: teams[(n + 1) % 4]?.id })),
  );
  await manager.save([
    ...numbers.map((n) => manager.create(Page, { title: `page ${n}`, authorId: authors[n - 1]?.id })),
    ...numbers.map((n) => manager.create(Folder, { title: `folder ${n}`, authorId: authors[n - 1]?.id })),
  ]);
}
