import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { cachedParse } from '../../lib/analysis/cached-parse.js';
import { keptBytes, MEBIBYTE, usedBytes } from './heap.js';
import { RecordedDriver } from './recorded-driver.js';

/** All of it with QUERY_LENS_BOUNDS=full, which takes minutes. */
const DISTINCT = process.env['QUERY_LENS_BOUNDS'] === 'full' ? 1_000_000 : 8_000;
const MAX_BYTES = 64 * MEBIBYTE;
// Collecting garbage of 100,000 statements takes its time on a busy machine.
jest.setTimeout(300_000);

const numbers = (count: number) => Array.from({ length: count }, (_, at) => String(at));
const ors = (count: number, value: string) =>
  numbers(count)
    .map(() => `"a" = ${value}`)
    .join(' OR ');

describe("QueryLens's own memory", () => {
  let recorded: RecordedDriver | undefined;
  afterEach(() => recorded?.line.close());

  const start = async () => {
    recorded = new RecordedDriver({ logSlowQueries: false, logFindings: false });
    return { recorded, before: await keptBytes() };
  };

  it('stays below 64 MiB in a unit of 100,000 statements, which says what it dropped', async () => {
    const { recorded, before } = await start();
    recorded.answer = () => [{ id: 1, name: 'x'.repeat(200) }];
    let open = 0;
    await recorded.line.context.observe('import', async () => {
      for (let n = 0; n < 100_000; n++)
        await recorded.runner.query(`SELECT * FROM "item" WHERE "id" = ${String(n)} AND "tag" = 'a'`, [n]);
      open = usedBytes() - before;
    });
    const report = await recorded.line.report();
    expect(open).toBeLessThan(MAX_BYTES);
    expect((await keptBytes()) - before).toBeLessThan(MAX_BYTES);
    expect(report.totals.queries).toBe(100_000);
    expect(report.self.recordsDropped).toBe(95_000);
  });

  it('stays below 64 MiB in a unit of long statements', async () => {
    const { recorded, before } = await start();
    const list = Array.from({ length: 3_000 }, (_, at) => String(at)).join(',');
    let open = 0;
    await recorded.line.context.observe('import', async () => {
      for (let n = 0; n < 5_000; n++)
        await recorded.runner.query(`SELECT ${String(n)} FROM "item" WHERE "id" IN (${list})`);
      open = usedBytes() - before;
    });
    const { self } = await recorded.line.report();
    expect(open).toBeLessThan(MAX_BYTES);
    expect((await keptBytes()) - before).toBeLessThan(MAX_BYTES);
    expect(self.recordsDropped).toBeGreaterThan(0);
    expect(self.failures).toEqual([]);
  });

  it.each([
    ['lists', (n: number) => `SELECT ${String(n)} FROM "item" WHERE "id" IN (${numbers(3_000).join()})`],
    ['alternatives', (n: number) => `SELECT ${String(n)} FROM "item" WHERE ${ors(1_200, '1')}`],
    ['pairs', (n: number) => `SELECT ${String(n)} FROM "item" WHERE ${ors(1_200, '"b"')}`],
    [
      'table lists',
      (n: number) =>
        `SELECT ${String(n)} FROM ${numbers(1_500)
          .map((at) => `"t${at}"`)
          .join()}`,
    ],
  ])('keeps little of long %s while the unit that holds them is analysed', async (_, statement) => {
    const parse = cachedParse();
    const before = await keptBytes();
    const parsed = numbers(300).map((n) => parse(statement(Number(n)), 'standard'));
    expect((await keptBytes()) - before).toBeLessThan(16 * MEBIBYTE);
    expect(parsed).toHaveLength(300);
  });

  it(`stays below 64 MiB over ${String(DISTINCT)} distinct statements`, async () => {
    const { recorded, before } = await start();
    const padding = 'some_rather_long_column_name, '.repeat(20);
    for (let done = 0; done < DISTINCT; done += 1_000) {
      await recorded.unit(1_000, (n) => {
        const number = String(done + n);
        return n % 2 === 0
          ? `SELECT ${padding} id FROM "table_${number}" WHERE "id" = ${number}`
          : `SELECT ${padding} id FROM "item" WHERE "column_${number}" = 'text ${number}'`;
      });
    }
    const { self, totals } = await recorded.line.report();
    expect((await keptBytes()) - before).toBeLessThan(MAX_BYTES);
    expect(totals.queries).toBe(DISTINCT);
    expect(self.evicted['statements']).toBe(DISTINCT - 2_000);
    expect(self.failures).toEqual([]);
  }, 3_600_000);

  it('keeps nothing large of rows, values and statements while a unit runs', async () => {
    const { recorded, before } = await start();
    recorded.answer = () =>
      Array.from({ length: 5 }, (_, id) => ({
        id,
        text: 'x'.repeat(MEBIBYTE) + String(id),
        image: Buffer.alloc(MEBIBYTE),
      }));
    let open = 0;
    await recorded.line.context.observe('work', async () => {
      for (let n = 0; n < 20; n++)
        await recorded.runner.query(`SELECT 1 FROM t WHERE a = '${'é'.repeat(MEBIBYTE)}${String(n)}'`, [
          'y'.repeat(MEBIBYTE) + String(n),
          Buffer.alloc(MEBIBYTE, n),
        ]);
      open = usedBytes() - before;
    });
    await recorded.line.units();
    expect(open).toBeLessThan(8 * MEBIBYTE);
    expect((await keptBytes()) - before).toBeLessThan(8 * MEBIBYTE);
  });

  it('stays below 64 MiB while a thousand large units wait for their analysis', async () => {
    const { recorded, before } = await start();
    recorded.answer = () => [{ id: 1, name: 'x'.repeat(200) }];
    const { context } = recorded.line;
    const text = 'some_column, '.repeat(300);
    const units = Array.from({ length: 1_000 }, (_, unit) =>
      context.begin('observed', `work ${String(unit)}`),
    );
    await Promise.all(
      units.map((unit, at) =>
        context.run(unit, async () => {
          for (let n = 0; n < 20; n++) await recorded.runner.query(`SELECT ${text} ${String(at * 100 + n)}`);
        }),
      ),
    );
    for (const unit of units) context.end(unit);
    expect(usedBytes() - before - 1_000 * 20 * text.length).toBeLessThan(MAX_BYTES);
    const { self } = await recorded.line.report();
    expect(self.evicted['waitingUnits']).toBeGreaterThan(0);
    expect((await keptBytes()) - before).toBeLessThan(MAX_BYTES);
  });
});
