import {
  ChildEntity,
  Column,
  Entity,
  JoinColumn,
  JoinTable,
  ManyToMany,
  ManyToOne,
  OneToMany,
  OneToOne,
  PrimaryGeneratedColumn,
  TableInheritance,
} from 'typeorm';

@Entity()
export class Category {
  @PrimaryGeneratedColumn() id!: number;
  @Column() name!: string;
  @OneToMany(() => Post, (post) => post.category) posts!: Promise<Post[]>;
  @OneToMany(() => Entry, (entry) => entry.category) entries!: Promise<Entry[]>;
}

@Entity()
export class Entry {
  @PrimaryGeneratedColumn() id!: number;
  @Column() text!: string;
  @ManyToOne(() => Category, (category) => category.entries) category!: Promise<Category>;
  @Column({ nullable: true }) categoryId!: number;
}

@Entity()
export class Author {
  @PrimaryGeneratedColumn() id!: number;
  @Column() name!: string;
  @OneToMany(() => Post, (post) => post.author) posts!: Promise<Post[]>;
  @OneToOne(() => Profile, (profile) => profile.author) profile!: Promise<Profile>;
  @ManyToMany(() => Author, (author) => author.following)
  @JoinTable()
  followers!: Promise<Author[]>;
  @ManyToMany(() => Author, (author) => author.followers) following!: Promise<Author[]>;
  @OneToMany(() => Hobby, (hobby) => hobby.author) hobbies!: Promise<Hobby[]>;
}

@Entity()
export class Hobby {
  @PrimaryGeneratedColumn() id!: number;
  @Column() name!: string;
  @ManyToOne(() => Author, (author) => author.hobbies) author!: Promise<Author>;
  @Column({ nullable: true }) authorId!: number;
}

@Entity()
export class Profile {
  @PrimaryGeneratedColumn() id!: number;
  @Column() bio!: string;
  @OneToOne(() => Author, (author) => author.profile)
  @JoinColumn()
  author!: Promise<Author>;
  @Column({ nullable: true }) authorId!: number;
}

@Entity()
export class Post {
  @PrimaryGeneratedColumn() id!: number;
  @Column() title!: string;
  @ManyToOne(() => Category, (category) => category.posts) category!: Promise<Category>;
  @Column({ nullable: true }) categoryId!: number;
  @ManyToOne(() => Author, (author) => author.posts) author!: Promise<Author>;
  @Column({ nullable: true }) authorId!: number;
  @OneToMany(() => Comment, (comment) => comment.post) comments!: Promise<Comment[]>;
}

@Entity()
export class Comment {
  @PrimaryGeneratedColumn() id!: number;
  @Column() text!: string;
  @ManyToOne(() => Post, (post) => post.comments) post!: Promise<Post>;
  @Column({ nullable: true }) postId!: number;
}

@Entity()
export class Student {
  @PrimaryGeneratedColumn() id!: number;
  @Column() name!: string;
  @ManyToMany(() => Teacher, (teacher) => teacher.students)
  @JoinTable()
  teachers!: Promise<Teacher[]>;
}

@Entity()
export class Teacher {
  @PrimaryGeneratedColumn() id!: number;
  @Column() name!: string;
  @ManyToMany(() => Student, (student) => student.teachers) students!: Promise<Student[]>;
}

@Entity()
export class Team {
  @PrimaryGeneratedColumn() id!: number;
  @Column() name!: string;
}

@Entity()
export class Match {
  @PrimaryGeneratedColumn() id!: number;
  @ManyToOne(() => Team) home!: Promise<Team>;
  @Column({ nullable: true }) homeId!: number;
  @ManyToOne(() => Team) away!: Promise<Team>;
  @Column({ nullable: true }) awayId!: number;
}

@Entity()
@TableInheritance({ column: { type: 'varchar', name: 'type' } })
export class Document {
  @PrimaryGeneratedColumn() id!: number;
  @Column() title!: string;
  @ManyToOne(() => Author) author!: Promise<Author>;
  @Column({ nullable: true }) authorId!: number;
}

@ChildEntity()
export class Page extends Document {
  @Column({ nullable: true }) body!: string;
}

@ChildEntity()
export class Folder extends Document {
  @Column({ nullable: true }) path!: string;
}

export const blogEntities = [
  Category,
  Entry,
  Author,
  Hobby,
  Profile,
  Post,
  Comment,
  Student,
  Teacher,
  Team,
  Match,
  Document,
  Page,
  Folder,
];
