import 'reflect-metadata';
import {
  Column,
  Entity,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  OneToOne,
  JoinColumn,
  PrimaryGeneratedColumn,
  type DataSource,
  type Relation,
} from 'typeorm';

@Entity()
export class Author {
  @PrimaryGeneratedColumn() id: number;
  @Column({ unique: true }) name: string;
  @OneToMany(() => Post, (post) => post.author, { lazy: true }) posts: Promise<Post[]>;
  @OneToOne(() => Profile, (profile) => profile.author) profile: Relation<Profile>;
}

@Entity()
export class Profile {
  @PrimaryGeneratedColumn() id: number;
  @Column() city: string;
  @OneToOne(() => Author, (author) => author.profile) @JoinColumn() author: Relation<Author>;
}

@Entity()
export class Post {
  @PrimaryGeneratedColumn() id: number;
  @Column() title: string;
  @ManyToOne(() => Author, (author) => author.posts, { lazy: true }) author: Promise<Author>;
  @OneToMany(() => Comment, (comment) => comment.post, { lazy: true }) comments: Promise<Comment[]>;
  @ManyToMany(() => Tag, (tag) => tag.posts) @JoinTable() tags: Tag[];
  @ManyToOne(() => Category, { eager: true, nullable: true }) category: Relation<Category> | null;
}

@Entity()
export class Comment {
  @PrimaryGeneratedColumn() id: number;
  @Column() text: string;
  @ManyToOne(() => Post, (post) => post.comments, { lazy: true }) post: Promise<Post>;
}

@Entity()
export class Tag {
  @PrimaryGeneratedColumn() id: number;
  @Column() name: string;
  @ManyToMany(() => Post, (post) => post.tags) posts: Post[];
}

@Entity()
export class Category {
  @PrimaryGeneratedColumn() id: number;
  @Column() name: string;
}

export const blogEntities = [Author, Profile, Post, Comment, Tag, Category];

/** Three authors with two posts each; every post has two comments, two tags and a category. */
export async function fillBlog(dataSource: DataSource): Promise<void> {
  const { manager } = dataSource;
  const news = await manager.save(Category, { name: 'news' });
  const red = await manager.save(Tag, { name: 'red' });
  const blue = await manager.save(Tag, { name: 'blue' });
  for (const name of ['ann', 'bob', 'cid']) {
    const author = await manager.save(manager.create(Author, { name }));
    await manager.save(manager.create(Profile, { city: 'Rome', author }));
    for (const title of [`${name} 1`, `${name} 2`]) {
      const draft = manager.create(Post, { title, tags: [red, blue], category: news });
      draft.author = Promise.resolve(author);
      const post = await manager.save(draft);
      for (const text of ['yes', 'no']) {
        const comment = manager.create(Comment, { text });
        comment.post = Promise.resolve(post);
        await manager.save(comment);
      }
    }
  }
}
