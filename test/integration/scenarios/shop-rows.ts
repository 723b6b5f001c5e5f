import type { DataSource } from 'typeorm';
import {
  Account,
  AuditEntry,
  Booking,
  City,
  Continent,
  Country,
  Coupon,
  Course,
  Customer,
  Employee,
  Enrolment,
  Image,
  Item,
  Leg,
  Product,
  Pupil,
  Purchase,
  Review,
  Section,
  Setting,
  Shelf,
  Tag,
  Warehouse,
} from './shop.entities.js';

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index + 1);

/** 6 customers with 2 purchases each, 8 products with 3 reviews and 2 images each, and 6 of most other things. */
export async function insertShop({ manager }: DataSource): Promise<void> {
  const six = numbers(6);
  const customers = await manager.save(
    six.map((n) =>
      manager.create(Customer, {
        email: `c${n}@shop.test`,
        name: `customer ${n}`,
        address: { city: `city ${n}`, zip: `${1_000 + n}` },
      }),
    ),
  );
  const coupons = await manager.save([1, 2].map((n) => manager.create(Coupon, { code: `save-${n}0` })));
  const tags = await manager.save([1, 2, 3].map((n) => manager.create(Tag, { label: `tag ${n}` })));
  const products = await manager.save(
    numbers(8).map((n) => manager.create(Product, { sku: `sku-${100 + n}`, title: `product ${n}`, tags })),
  );
  await manager.insert(
    Review,
    products.flatMap(({ id }) =>
      [3, 4, 5].map((stars) => ({ stars, text: `review ${id}.${stars}`, productId: id })),
    ),
  );
  await manager.insert(
    Image,
    products.flatMap(({ id }) => [1, 2].map((n) => ({ url: `/images/${id}/${n}.png`, productId: id }))),
  );
  const purchases = await manager.save(
    customers.flatMap(({ id }, index) =>
      [1, 2].map((n) =>
        manager.create(Purchase, {
          status: ['open', 'paid', 'sent'][(index + n) % 3],
          placedOn: `2026-0${n}-1${index}`,
          customerId: id,
          couponId: n === 1 ? coupons[index % 2]?.id : null,
          total: 100 * n + index,
        }),
      ),
    ),
  );
  await manager.insert(
    Item,
    purchases.flatMap(({ id }, index) =>
      [1, 2].map((line) => ({
        purchaseId: id,
        line,
        quantity: line,
        productId: products[(index + line) % 8]?.id,
      })),
    ),
  );
  await insertPeople({ manager });
  await insertPlaces({ manager });
  await manager.insert(
    Setting,
    ['currency', 'theme', 'locale', 'tax'].map((name) => ({ name, value: `${name} of the shop` })),
  );
  await manager.insert(
    Account,
    six.map(() => ({ balance: 1_000 })),
  );
  await manager.insert(AuditEntry, [{ text: 'opened' }]);
}

async function insertPeople({ manager }: Pick<DataSource, 'manager'>): Promise<void> {
  // A chain of five and three more below the second: numbers as generated, from 1.
  const managers = [null, 1, 2, 3, 4, 2, 2, 2];
  for (const [index, managerId] of managers.entries())
    await manager.insert(Employee, { name: `employee ${index + 1}`, managerId });
  const courses = await manager.save(
    [1, 2, 3, 4].map((n) => manager.create(Course, { title: `course ${n}` })),
  );
  const pupils = await manager.save([1, 2, 3, 4].map((n) => manager.create(Pupil, { name: `pupil ${n}` })));
  await manager.insert(
    Enrolment,
    courses.flatMap((course) =>
      pupils.slice(0, 3).map((pupil) => ({ courseId: course.id, pupilId: pupil.id })),
    ),
  );
  const bookings = [1, 2, 3, 4].map((no) => ({
    tenant: no % 2 ? 'north' : 'south',
    no: 700 + no,
    guest: `guest ${no}`,
  }));
  await manager.insert(Booking, bookings);
  await manager.insert(
    Leg,
    bookings.flatMap(({ tenant, no }) =>
      [1, 2].map((n) => ({ flight: `F${no}${n}`, tenant, bookingNo: no })),
    ),
  );
}

async function insertPlaces({ manager }: Pick<DataSource, 'manager'>): Promise<void> {
  const warehouses = await manager.save(
    [1, 2, 3, 4].map((n) => manager.create(Warehouse, { name: `warehouse ${n}` })),
  );
  await manager.insert(
    Shelf,
    warehouses.flatMap(({ id }) => [1, 2].map((n) => ({ code: `shelf-${id}-${n}`, warehouseId: id }))),
  );
  for (const n of [1, 2, 3]) {
    const root = await manager.save(manager.create(Section, { name: `section ${n}` }));
    for (const m of [1, 2])
      await manager.save(manager.create(Section, { name: `section ${n}.${m}`, parent: root }));
  }
  const continents = await manager.save(
    [1, 2].map((n) => manager.create(Continent, { name: `continent ${n}` })),
  );
  const countries = await manager.save(
    [1, 2, 3, 4].map((n) => manager.create(Country, { name: `country ${n}`, continent: continents[n % 2] })),
  );
  await manager.insert(
    City,
    countries.flatMap(({ id }) => [1, 2].map((n) => ({ name: `city ${id}.${n}`, countryId: id }))),
  );
}
