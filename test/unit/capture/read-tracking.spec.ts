import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { byteSize } from '../../../lib/capture/typeorm/read-tracking/byte-size.js';
import { NodeReads, type Reader } from '../../../lib/capture/typeorm/read-tracking/node-reads.js';
import { pickEvenly } from '../../../lib/capture/typeorm/read-tracking/pick-evenly.js';
import { ReadSampling } from '../../../lib/capture/typeorm/read-tracking/read-sampling.js';
import { TrackedEntity } from '../../../lib/capture/typeorm/read-tracking/tracked-entity.js';
import type { EntityMetadataShape } from '../../../lib/capture/typeorm/typeorm-shapes.js';

const keys = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,5}$/), { minLength: 3, maxLength: 8 });
const entities = keys.chain((names) =>
  fc.record(Object.fromEntries(names.map((name) => [name, fc.anything()]))),
);

const HANDLER: Reader = { isSending: false, isExact: false };

function track(entity: object, reader: Reader = HANDLER) {
  const node = new NodeReads(reader);
  return { node, tracked: new TrackedEntity(entity, Object.keys(entity), node, () => undefined) };
}

describe('a tracked entity', () => {
  it('gives its values in its order, and is as before afterwards', () => {
    fc.assert(
      fc.property(entities, (entity) => {
        const before = Object.getOwnPropertyDescriptors(entity);
        const { tracked } = track(entity);
        expect(Object.entries(entity)).toEqual(
          Object.entries(before).map(([key, { value }]) => [key, value]),
        );
        tracked.restore();
        expect(Object.getOwnPropertyDescriptors(entity)).toEqual(before);
        expect(Reflect.ownKeys(entity)).toEqual(Reflect.ownKeys(before));
      }),
    );
  });

  it('knows a whole copy, whatever was read before it, and never takes one read for a copy', () => {
    fc.assert(
      fc.property(entities, fc.nat(), (entity, at) => {
        const names = Object.keys(entity);
        // The first key begins a run, so it may belong to the copy.
        const read = names[1 + (at % (names.length - 1))] as string;
        const { node, tracked } = track(entity);
        Reflect.get(entity, read);
        Object.assign({}, entity);
        tracked.restore();
        expect(names.map((name) => node.stateOf(name))).toEqual(
          names.map((name) => (name === read ? 'read' : 'copied')),
        );
      }),
    );
  });

  it('counts an unfinished run as reads', () => {
    const entity = { a: 1, b: 2, c: 3 };
    const { node, tracked } = track(entity);
    const { a, b } = entity;
    tracked.restore();
    expect([a, b, node.stateOf('a'), node.stateOf('b'), node.stateOf('c')]).toEqual([
      1,
      2,
      'read',
      'read',
      'unread',
    ]);
  });

  it('tolerates that a copy reads a key twice', () => {
    const entity = { a: 1, b: 2, c: 3 };
    const { node, tracked } = track(entity);
    for (const key of ['a', 'a', 'b', 'b', 'c']) Reflect.get(entity, key);
    tracked.restore();
    expect(['a', 'b', 'c'].map((key) => node.stateOf(key))).toEqual(['copied', 'copied', 'copied']);
  });
});

describe('who reads a tracked entity', () => {
  const states = (node: NodeReads) => ['a', 'b', 'c'].map((key) => node.stateOf(key));
  const fresh = () => ({ a: 1, b: 2, c: 3 });

  it('is the response once the handler has returned, one property or all', () => {
    const reader = { isSending: false, isExact: false };
    const entity = fresh();
    const { node, tracked } = track(entity, reader);
    Reflect.get(entity, 'b');
    reader.isSending = true;
    JSON.stringify(entity);
    tracked.restore();
    expect(states(node)).toEqual(['sent', 'read', 'sent']);
  });

  it('is the handler for what it read last', () => {
    const reader = { isSending: false, isExact: false };
    const entity = fresh();
    const { node, tracked } = track(entity, reader);
    Reflect.get(entity, 'a');
    tracked.settle();
    reader.isSending = true;
    JSON.stringify(entity);
    tracked.restore();
    expect(states(node)).toEqual(['read', 'sent', 'sent']);
  });

  it('is a GraphQL field, each for itself, though all are asked for in their order', () => {
    const entity = fresh();
    const { node, tracked } = track(entity, { isSending: false, isExact: true });
    for (const key of ['a', 'b', 'c']) Reflect.get(entity, key);
    tracked.restore();
    expect(states(node)).toEqual(['read', 'read', 'read']);
  });

  it('stays the stronger one', () => {
    const node = new NodeReads({ isSending: false, isExact: false });
    node.read('a');
    node.lose(['a', 'b', 'c'], 'sent');
    node.copied('b');
    expect(states(node)).toEqual(['read', 'sent', 'sent']);
  });
});

describe('which entities are watched', () => {
  it('are at most so many, in order, the first and the last among them', () => {
    fc.assert(
      fc.property(
        fc.nat(500),
        fc.integer({ min: 2, max: 60 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (count, maximum, random) => {
          const items = Array.from({ length: count }, (_, index) => index);
          const picked = pickEvenly(items, maximum, () => random);
          expect(picked).toHaveLength(Math.min(count, maximum));
          expect([...new Set(picked)].sort((a, b) => a - b)).toEqual(picked);
          expect([picked[0], picked.at(-1)]).toEqual([items[0], items.at(-1)]);
        },
      ),
    );
  });
});

describe('which loads are watched', () => {
  const metadata = {} as EntityMetadataShape;

  it('none, or all', () => {
    const sampling = new ReadSampling();
    expect(sampling.isWanted('off', metadata, [])).toBe(false);
    expect(sampling.isWanted('all', metadata, [])).toBe(true);
  });

  it('the first 50 of each kind, then one of 20 by chance', () => {
    let drawn = 0.5;
    const sampling = new ReadSampling(() => drawn);
    const wanted = () => sampling.isWanted('sampled', metadata, []);
    expect(Array.from({ length: 50 }, wanted)).not.toContain(false);
    expect(wanted()).toBe(false);
    drawn = 0.049;
    expect(wanted()).toBe(true);
  });
});

describe('the size of a value', () => {
  it.each([
    ['text', 'twelve bytes', 12],
    ['bytes', Buffer.alloc(7), 7],
    ['a number', 1, 8],
    ['nothing', null, 0],
    ['a document', { key: 'value', list: ['a', 'b'] }, 3 + 5 + 4 + 4],
  ])('of %s', (_, value, bytes) => {
    expect(byteSize(value)).toBe(bytes);
  });

  it('runs nothing of the value and ends for any value', () => {
    const hostile = {
      get trap(): never {
        throw new Error('ran');
      },
    };
    expect(byteSize(hostile)).toBe(0);
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(byteSize(value)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
