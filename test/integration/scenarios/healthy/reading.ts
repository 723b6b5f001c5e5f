import { Between, ILike, In, IsNull, LessThan, MoreThan, Not } from 'typeorm';
import {
  Booking,
  Country,
  Coupon,
  Course,
  Customer,
  Employee,
  Item,
  Leg,
  Product,
  Purchase,
  Review,
  Section,
  Setting,
  Tag,
  Warehouse,
} from '../shop.entities.js';
import type { Patterns, Shop } from './pattern.js';

const customer = ({ of }: Shop, id: number) => of(Customer).findOneByOrFail({ id });

/** Lists, pages and details. */
export const reading: Patterns = {
  'pages by offset': async ({ of }) => {
    for (let page = 0; page < 6; page++)
      await of(Product).find({ order: { id: 'ASC' }, skip: page * 2, take: 2 });
  },
  'pages by offset with a joined relation': async ({ of }) => {
    for (let page = 0; page < 4; page++)
      await of(Product).find({ order: { id: 'ASC' }, skip: page * 2, take: 2, relations: { reviews: true } });
  },
  'pages by offset with the query strategy': async ({ of }) => {
    for (let page = 0; page < 4; page++) {
      await of(Product).find({
        order: { id: 'ASC' },
        skip: page * 2,
        take: 2,
        relations: { reviews: true, images: true, tags: true },
        relationLoadStrategy: 'query',
      });
    }
  },
  'pages of one row with the query strategy': async ({ of }) => {
    for (let page = 0; page < 5; page++) {
      await of(Product).find({
        order: { id: 'ASC' },
        skip: page,
        take: 1,
        relations: { reviews: true },
        relationLoadStrategy: 'query',
      });
    }
  },
  'pages by cursor': async ({ of }) => {
    let last = 0;
    for (;;) {
      const page = await of(Product).find({ where: { id: MoreThan(last) }, order: { id: 'ASC' }, take: 3 });
      if (page.length === 0) break;
      last = page.at(-1)?.id ?? 0;
    }
  },
  'pages by cursor downwards': async ({ of }) => {
    let last = 1_000;
    for (;;) {
      const page = await of(Purchase).find({ where: { id: LessThan(last) }, order: { id: 'DESC' }, take: 5 });
      if (page.length === 0) break;
      last = page.at(-1)?.id ?? 0;
    }
  },
  'a worker that takes one row at a time by keyset': async ({ of }) => {
    let last = 0;
    for (;;) {
      const next = await of(Purchase).findOne({ where: { id: MoreThan(last) }, order: { id: 'ASC' } });
      if (next === null) break;
      await of(Item).findBy({ purchaseId: next.id });
      last = next.id;
    }
  },
  'a page and its total': ({ of }) => of(Product).findAndCount({ order: { id: 'ASC' }, skip: 2, take: 3 }),
  'a page with relations and its total': ({ of }) =>
    of(Product).findAndCount({ order: { id: 'ASC' }, skip: 2, take: 3, relations: { reviews: true } }),
  'one entity with joined relations': ({ of }) =>
    of(Purchase).findOne({
      where: { id: 3 },
      relations: { customer: true, items: { product: true }, coupon: true },
    }),
  'one entity with relations by the query strategy': ({ of }) =>
    of(Product).findOne({
      where: { id: 3 },
      relations: { reviews: true, images: true, tags: true },
      relationLoadStrategy: 'query',
    }),
  'a list with nested relations, joined': ({ of }) =>
    of(Customer).find({ relations: { purchases: { items: { product: true } } } }),
  'a list with nested relations by the query strategy': ({ of }) =>
    of(Customer).find({
      relations: { purchases: { items: { product: true } } },
      relationLoadStrategy: 'query',
    }),
  'eager relations': ({ of }) => of(Country).find(),
  'eager relations by the query strategy': ({ of }) => of(Country).find({ relationLoadStrategy: 'query' }),
  'a detail page in parts': async ({ of }) => {
    const product = await of(Product).findOneByOrFail({ id: 2 });
    await of(Review).findBy({ productId: product.id });
    await of(Review).find({ where: { product: { id: product.id } }, order: { stars: 'DESC' }, take: 1 });
    await of(Tag)
      .createQueryBuilder('tag')
      .innerJoin('tag.products', 'product')
      .where('product.id = :id', { id: product.id })
      .getMany();
  },
  'a list, then the details of its first row': async ({ of }) => {
    const products = await of(Product).find({ order: { id: 'ASC' } });
    const id = products[0]?.id;
    await of(Review).findBy({ productId: id });
    await of(Product).findOneBy({ id });
  },
  'a list, and two of its rows in detail': async ({ of }) => {
    const [first, second] = await of(Purchase).find({ order: { id: 'ASC' } });
    await of(Item).findBy({ purchaseId: first?.id });
    await of(Item).findBy({ purchaseId: second?.id });
  },
  'previous and next': async ({ of }) => {
    const current = await of(Product).findOneByOrFail({ id: 4 });
    await Promise.all([
      of(Product).findOne({ where: { id: LessThan(current.id) }, order: { id: 'DESC' } }),
      of(Product).findOne({ where: { id: MoreThan(current.id) }, order: { id: 'ASC' } }),
    ]);
  },
  'two single lookups in one Promise.all': async ({ of }) => {
    const [one, other] = await of(Purchase).find({ order: { id: 'ASC' }, take: 4 });
    await Promise.all([
      of(Customer).findOneBy({ id: one?.customerId }),
      of(Customer).findOneBy({ id: (other?.customerId ?? 0) + 1 }),
    ]);
  },
  'single loads through one helper': async (shop) => {
    await shop.of(Customer).find();
    const first = await shop.of(Purchase).findOneByOrFail({ id: 1 });
    await customer(shop, first.customerId);
    const second = await shop.of(Purchase).findOneByOrFail({ id: 5 });
    await customer(shop, second.customerId);
    const third = await shop.of(Purchase).findOneByOrFail({ id: 9 });
    await customer(shop, third.customerId);
  },
  'a login': async ({ of }) => {
    const user = await of(Customer).findOneByOrFail({ email: 'c2@shop.test' });
    await of(Purchase).countBy({ customerId: user.id });
    await of(Customer).update({ id: user.id }, { name: 'customer 2' });
    await of(Customer).findOneByOrFail({ id: user.id });
  },
  'unrelated lookups that share numbers': async ({ of }) => {
    await of(Product).find();
    await of(Customer).findOneBy({ id: 1 });
    await of(Coupon).findOneBy({ id: 1 });
    await of(Employee).findOneBy({ id: 1 });
    await of(Course).findOneBy({ id: 2 });
    await of(Warehouse).findOneBy({ id: 3 });
  },
  'a loop over numbers that another list happens to hold': async ({ of }) => {
    await of(Product).find();
    for (const id of [1, 2, 3, 4]) await of(Customer).findOneBy({ id });
  },
  'a loop over statuses': async ({ of }) => {
    await of(Purchase).find();
    for (const status of ['open', 'paid', 'sent']) await of(Purchase).find({ where: { status }, take: 2 });
  },
  'a loop over days': async ({ of }) => {
    await of(Purchase).find();
    for (let day = 10; day < 20; day++) await of(Purchase).countBy({ placedOn: `2026-02-${day}` });
  },
  'a loop over months': async ({ of }) => {
    await of(Purchase).find();
    for (let month = 1; month < 7; month++)
      await of(Purchase).findBy({ placedOn: Between(`2026-0${month}-01`, `2026-0${month}-31`) });
  },
  'settings by name': async ({ of }) => {
    for (const name of ['currency', 'theme', 'locale', 'tax']) await of(Setting).findOneBy({ name });
  },
  'settings, one after another on lines of their own': async ({ of }) => {
    const settings = of(Setting);
    await settings.findOneByOrFail({ name: 'currency' });
    await settings.findOneByOrFail({ name: 'theme' });
    await settings.findOneByOrFail({ name: 'locale' });
  },
  'products by the numbers of a request': async ({ of }) => {
    for (const sku of ['sku-101', 'sku-103', 'sku-105', 'sku-107']) await of(Product).findOneBy({ sku });
  },
  'one tenant everywhere': async ({ of }) => {
    const tenant = 'north';
    await of(Booking).findBy({ tenant });
    await of(Leg).findBy({ tenant });
    await of(Booking).countBy({ tenant });
    await of(Leg).countBy({ tenant });
  },
  'search as somebody types': async ({ of }) => {
    for (const text of ['p', 'pr', 'pro', 'prod']) await of(Product).findBy({ title: ILike(`${text}%`) });
  },
  'nulls and not nulls': async ({ of }) => {
    await of(Purchase).findBy({ couponId: IsNull() });
    await of(Purchase).findBy({ couponId: Not(IsNull()) });
  },
  'a join that only filters': ({ of }) =>
    of(Product)
      .createQueryBuilder('product')
      .leftJoin('product.reviews', 'review')
      .where('review.stars = 5')
      .getMany(),
  'nested to-many joins': ({ of }) =>
    of(Customer)
      .createQueryBuilder('c')
      .leftJoinAndSelect('c.purchases', 'p')
      .leftJoinAndSelect('p.items', 'i')
      .getMany(),
  'a relation of all parents by the relation builder': async ({ of }) => {
    const products = await of(Product).find();
    await of(Product).createQueryBuilder().relation('reviews').of(products).loadMany();
  },
  'relation ids': ({ of }) => of(Product).find({ loadRelationIds: { relations: ['tags', 'reviews'] } }),
  'one tree': async ({ dataSource }) => {
    const sections = dataSource.getTreeRepository(Section);
    const [root] = await sections.findRoots();
    if (root) await sections.findDescendantsTree(root);
  },
  'ancestors by the tree repository': async ({ dataSource }) => {
    const sections = dataSource.getTreeRepository(Section);
    const leaf = await sections.findOneByOrFail({ name: 'section 1.2' });
    await sections.findAncestors(leaf);
  },
  'ancestors by hand': async ({ of }) => {
    let current = await of(Employee).findOneBy({ id: 5 });
    while (current?.managerId != null) current = await of(Employee).findOneBy({ id: current.managerId });
  },
  'ancestors of one row of a list': async ({ of }) => {
    const employees = await of(Employee).find({ order: { id: 'ASC' } });
    let current: Employee | null | undefined = employees[4];
    while (current?.managerId != null) current = await of(Employee).findOneBy({ id: current.managerId });
  },
  'ancestors by the relation in find': async ({ of }) => {
    let current = await of(Employee).findOne({ where: { id: 5 }, relations: { manager: true } });
    while (current?.manager != null)
      current = await of(Employee).findOne({
        where: { id: current.manager.id },
        relations: { manager: true },
      });
  },
  'descendants level by level': async ({ of }) => {
    let level = [1];
    while (level.length > 0) {
      const next: Employee[] = await of(Employee).findBy({ managerId: In(level) });
      level = next.map(({ id }) => id);
    }
  },
  'the middle of a chain': async ({ of }) => {
    let current = await of(Employee).findOneBy({ managerId: IsNull() });
    for (let step = 0; current !== null && step < 4; step++)
      current = await of(Employee).findOne({ where: { managerId: current.id }, order: { id: 'ASC' } });
  },
  'all rows, made a tree in memory': ({ of }) => of(Section).find({ relations: { parent: true } }),
  'deleted rows as well': ({ of }) => of(Product).find({ withDeleted: true, relations: { reviews: true } }),
};
