import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { hashOf, readHash } from '../../../page/hash-route.js';

describe('the addresses of the page', () => {
  it('begin at the overview', () => {
    for (const hash of ['', '#', '#/']) expect(readHash(hash)).toEqual({ view: 'overview', query: {} });
  });

  it('come back as they were written, whatever a route is called', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('routes', 'units'),
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.dictionary(fc.constantFrom('q', 'sort'), fc.string({ minLength: 1 })),
        (view, id, query) => {
          expect(readHash(hashOf(view, id, query))).toEqual({ view, id, query: { ...query } });
        },
      ),
    );
  });

  it('survive what mail programs make of them', () => {
    expect(readHash('#/routes/%E0%A4%A')).toEqual({ view: 'routes', id: '%E0%A4%A', query: {} });
    expect(readHash('#/routes/GET /a/:id')).toEqual({ view: 'routes', id: 'GET /a/:id', query: {} });
  });
});
