import { describe, expect, it } from '@jest/globals';
import { Script } from './script.js';

/** Two statements with a pause in between. */
function paused(pauseMs: number, workMs = 10): Script {
  return new Script().transaction((script) =>
    script
      .query('UPDATE author SET name = $1', { executeMs: workMs })
      .query('UPDATE book SET title = $1', { executeMs: workMs, afterMs: pauseMs, at: 'src/orders.ts:40:7' }),
  );
}

describe('idle-in-transaction', () => {
  it('fires when nothing runs for most of a transaction, and says what came next', () => {
    const [finding, ...others] = paused(300).findings();
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      kind: 'idle-in-transaction',
      title: 'A transaction did nothing for 300 ms of the 320 ms it was open',
      evidence: {
        facts: { transactions: 1, statements: 2, idleMs: 300, durationMs: 320, longestGapMs: 300 },
      },
    });
    expect(finding?.evidence.text).toBe(
      'The longest time, 300 ms, passed between UPDATE author and UPDATE book (orders.ts:40 in Service.run).',
    );
    expect(finding?.callSites[0]).toMatchObject({ file: 'src/transaction.ts' });
  });

  it('fires exactly on its thresholds, and not below them', () => {
    expect(paused(200).kinds()).toEqual(['idle-in-transaction']);
    expect(paused(199).kinds()).toEqual([]);
    expect(paused(400, 200).kinds()).toEqual(['idle-in-transaction']);
    expect(paused(399, 200).kinds()).toEqual([]);
  });

  it('stays silent where most of a transaction is work', () => {
    expect(paused(300, 300).kinds()).toEqual([]);
  });

  it('sees the time before COMMIT', () => {
    const script = new Script().transaction((one) => one.query('UPDATE author SET name = $1'), { idle: 250 });
    expect(script.findings()[0]?.evidence.text).toContain('between UPDATE author and its end.');
  });

  it('says what ran on another connection meanwhile', () => {
    const script = new Script();
    script.transaction((one) => one.query('UPDATE author SET name = $1'), { idle: 250 });
    const [record] = script.unit().queries;
    script.query('SELECT * FROM book', { startMs: (record?.startMs ?? 0) + 10, executeMs: 100 });
    const [finding] = script.findings();
    expect(finding?.evidence.text).toContain(
      'meanwhile one statement ran on another connection: SELECT book.',
    );
    expect(finding?.advice.text).toContain('use its manager');
  });

  describe('in a save', () => {
    const insert = (one: Script) => one.query('INSERT INTO author (name) VALUES ($1)', { afterMs: 300 });
    const only = (script: Script) => {
      const [finding, ...others] = script.findings();
      expect(others).toEqual([]);
      return finding?.advice;
    };
    /** The save begins the transaction. */
    const saved = (entities: number) =>
      only(new Script().save('Author', entities, (saving) => saving.transaction(insert, { load: 1 })));

    it('asks for its hooks', () => {
      expect(saved(1)).toEqual({
        text:
          'It passed within save(). Hooks of entities (@BeforeInsert() to @AfterUpdate()) and subscribers run there, within the transaction: ' +
          'do what takes them long, like hashing or a call to another service, before save() or after it.',
        code: 'const value = await whatTheHookComputes()\nawait authorRepository.save(author)',
      });
    });

    it('says how to do without what TypeORM does for many entities', () => {
      expect(saved(300)?.text).toContain("TypeORM's own work on 300 entities");
      expect(saved(300)?.code).toBe('await authorRepository.upsert(authors, [...])');
    });

    it('is the same in a transaction of the application', () => {
      const within = new Script().transaction((one) => one.save('Author', 300, insert));
      expect(only(within)?.code).toBe('await authorRepository.upsert(authors, [...])');
      const before = new Script().transaction((one) =>
        one
          .save('Author', 300, (saving) => saving.query('INSERT INTO author (name) VALUES ($1)'))
          .query('UPDATE book SET title = $1', { afterMs: 300 }),
      );
      expect(only(before)?.text).toContain('Whatever ran there');
    });
  });

  it('is one finding for all transactions of a place', () => {
    const script = new Script();
    for (const pauseMs of [250, 900, 300])
      script.transaction((one) => one.query('UPDATE author SET name = $1', { afterMs: pauseMs }));
    const [finding, ...others] = script.findings();
    expect(others).toEqual([]);
    expect(finding?.evidence.facts).toMatchObject({ transactions: 3, idleMs: 900 });
  });
});

describe('long-transaction', () => {
  const long = (executeMs: number) =>
    new Script().transaction((script) => script.query('UPDATE author SET name = $1', { executeMs }));

  it('fires from the threshold on, and not below it', () => {
    expect(long(1_000).kinds()).toEqual(['long-transaction']);
    expect(long(999).kinds()).toEqual([]);
    expect(long(500).kinds({ longTransactionMs: 500 })).toEqual(['long-transaction']);
  });

  it('names the slowest statement', () => {
    const [finding] = long(1_400).findings();
    expect(finding?.title).toBe('A transaction was open for 1.4 s');
    expect(finding?.evidence.text).toBe(
      'One statement in 1.4 s, 0 ms without one. The slowest: UPDATE author, 1400 ms.',
    );
  });

  it('leaves a transaction that was long because it did nothing to idle-in-transaction', () => {
    expect(paused(5_000).kinds()).toEqual(['idle-in-transaction']);
  });

  it('fires besides idle-in-transaction when the work alone took long', () => {
    expect(paused(3_000, 600).kinds()).toEqual(['idle-in-transaction', 'long-transaction']);
  });
});

it('background work mixes transactions that have nothing to do with each other: nothing is said of them', () => {
  expect(paused(3_000).findings({}, { kind: 'background' })).toEqual([]);
});
