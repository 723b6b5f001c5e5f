import { In } from 'typeorm';
import { Coupon, Customer, Item, Product, Purchase, Review, Setting, Tag } from '../shop.entities.js';
import { dataLoader } from './data-loader.js';
import type { Patterns, Shop } from './pattern.js';

const byId = <T extends { id: number }>(rows: readonly T[]) => new Map(rows.map((row) => [row.id, row]));

const reviewsOf = ({ of }: Shop) =>
  dataLoader(async (ids: readonly number[]) => {
    const reviews = await of(Review).findBy({ productId: In([...ids]) });
    return ids.map((id) => reviews.filter(({ productId }) => productId === id));
  });

/** Many keys with one statement, and what is read once and kept. */
export const batching: Patterns = {
  'keys of a list with one IN': async ({ of }) => {
    const purchases = await of(Purchase).find();
    await of(Customer).findBy({ id: In(purchases.map(({ customerId }) => customerId)) });
  },
  'batches of keys': async ({ of }) => {
    const products = await of(Product).find();
    for (let at = 0; at < products.length; at += 3)
      await of(Review).findBy({ productId: In(products.slice(at, at + 3).map(({ id }) => id)) });
  },
  'batches of keys of which the last holds one': async ({ of }) => {
    const products = await of(Product).find();
    for (let at = 0; at < products.length; at += 7)
      await of(Review).findBy({ productId: In(products.slice(at, at + 7).map(({ id }) => id)) });
  },
  'a batch for each page': async ({ of }) => {
    for (let page = 0; page < 4; page++) {
      const purchases = await of(Purchase).find({ order: { id: 'ASC' }, skip: page * 3, take: 3 });
      const items = await of(Item).findBy({ purchaseId: In(purchases.map(({ id }) => id)) });
      await of(Product).findBy({ id: In(items.map(({ productId }) => productId)) });
    }
  },
  'a batch with ANY': async ({ of, dataSource }) => {
    const products = await of(Product).find();
    if (dataSource.options.type !== 'postgres') return;
    await dataSource.query('SELECT * FROM review WHERE "productId" = ANY($1)', [
      products.map(({ id }) => id),
    ]);
  },
  'a DataLoader': async (shop) => {
    const products = await shop.of(Product).find();
    const load = reviewsOf(shop);
    await Promise.all(products.map(({ id }) => load(id)));
  },
  'two DataLoaders, level by level': async (shop) => {
    const customers = dataLoader(async (ids: readonly number[]) => {
      const rows = byId(await shop.of(Customer).findBy({ id: In([...ids]) }));
      return ids.map((id) => rows.get(id));
    });
    const coupons = dataLoader(async (ids: readonly number[]) => {
      const rows = byId(await shop.of(Coupon).findBy({ id: In([...ids]) }));
      return ids.map((id) => rows.get(id));
    });
    const purchases = await shop.of(Purchase).find();
    await Promise.all(
      purchases.map(async ({ customerId, couponId }) => {
        await customers(customerId);
        if (couponId !== null) await coupons(couponId);
      }),
    );
  },
  'a DataLoader asked again later': async (shop) => {
    const products = await shop.of(Product).find({ order: { id: 'ASC' } });
    const load = reviewsOf(shop);
    await Promise.all(products.slice(0, 4).map(({ id }) => load(id)));
    await Promise.all(products.map(({ id }) => load(id)));
  },
  'a memo for one key': async ({ of }) => {
    const memo = new Map<number, Promise<Coupon | null>>();
    for (const { couponId } of await of(Purchase).find({ where: { couponId: 1 } })) {
      const id = couponId ?? 0;
      if (!memo.has(id)) memo.set(id, of(Coupon).findOneBy({ id }));
      await memo.get(id);
    }
  },
  'a memo of a whole table': async ({ of }) => {
    let settings: Promise<Setting[]> | undefined;
    for (const purchase of await of(Purchase).find()) {
      settings ??= of(Setting).find();
      expectName(await settings, purchase.status);
    }
  },
  'an index of what was read': async ({ of }) => {
    const customers = byId(await of(Customer).find());
    for (const { customerId } of await of(Purchase).find()) customers.get(customerId);
  },
  'the ten best, then their details': async ({ of, dataSource, quoted }) => {
    const best = await dataSource.query<{ id: number }[]>(
      `SELECT p.id AS id, COUNT(*) AS n FROM product p JOIN review r ON r.${quoted('productId')} = p.id GROUP BY p.id ORDER BY n DESC LIMIT 5`,
    );
    await of(Product).find({ where: { id: In(best.map(({ id }) => id)) }, relations: { images: true } });
  },
  'tags of many products at once': async ({ of }) => {
    const products = await of(Product).find();
    await of(Tag)
      .createQueryBuilder('tag')
      .innerJoinAndSelect('tag.products', 'product')
      .where('product.id IN (:...ids)', { ids: products.map(({ id }) => id) })
      .getMany();
  },
  'counts of many products at once': async ({ of }) => {
    const products = await of(Product).find();
    await of(Review)
      .createQueryBuilder('review')
      .select('review.productId', 'key')
      .addSelect('COUNT(*)', 'count')
      .where('review.productId IN (:...keys)', { keys: products.map(({ id }) => id) })
      .groupBy('review.productId')
      .getRawMany();
  },
};

function expectName(settings: readonly Setting[], status: string): void {
  settings.find(({ name }) => name === status);
}
