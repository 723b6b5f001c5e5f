import { describe, expect, it } from '@jest/globals';
import type { Finding, FindingKind } from '../../../lib/analysis/finding.js';
import { KnownFindings } from '../../../lib/telemetry/known-findings.js';

const ROUTE = 'GET /authors';

function finding(fingerprint: string, part: Partial<Finding> = {}): Finding {
  return {
    kind: 'n-plus-one',
    severity: 'warning',
    title: '',
    route: ROUTE,
    dataSource: 'default',
    statement: { fingerprint, text: '' },
    callSites: [],
    evidence: { text: '', facts: {} },
    cost: { statements: 0, rows: 0, timeMs: 0 },
    advice: { text: '' },
    ...part,
  };
}

function statement(route = ROUTE, clockMs = 1, dataSource = 'default') {
  return { dataSource, clockMs, unit: { unitName: () => route } };
}

describe('what earlier units showed', () => {
  const base = { 'db.query.summary': 'SELECT book' };
  const kindsIn = (known: KnownFindings, fingerprint: string, at = statement()): unknown =>
    known.of(fingerprint, at)?.mark(base)['query_lens.finding.kinds'];

  it('is known of the same statement on the same route of the same data source', () => {
    const known = new KnownFindings();
    known.learn([finding('a'), finding('b', { statement: undefined })], 1);
    expect(kindsIn(known, 'a')).toEqual(['n-plus-one']);
    expect(kindsIn(known, 'b')).toBeUndefined();
    expect(kindsIn(known, 'a', statement('GET /books'))).toBeUndefined();
    expect(kindsIn(known, 'a', statement(ROUTE, 1, 'other'))).toBeUndefined();
  });

  it('lists each kind once, and counts findings by their relation', () => {
    const known = new KnownFindings();
    const found: [FindingKind, string][] = [
      ['n-plus-one', 'Author.books'],
      ['n-plus-one', 'Shop.books'],
      ['duplicate-query', 'Author.books'],
      ['n-plus-one', 'Author.books'],
    ];
    for (const [kind, relation] of found) known.learn([finding('a', { kind, relation })], 1);
    expect(kindsIn(known, 'a')).toEqual(['duplicate-query', 'n-plus-one']);
    expect(known.of('a', statement())?.findings).toBe(3);
  });

  it('hands out one object for one set of attributes, and leaves that as it is', () => {
    const known = new KnownFindings();
    known.learn([finding('a')], 1);
    const place = known.of('a', statement());
    expect(place?.mark(base)).toBe(place?.mark(base));
    expect(place?.mark(base)).toMatchObject(base);
    expect(base).toEqual({ 'db.query.summary': 'SELECT book' });
  });

  it('is forgotten an hour after it was last seen', () => {
    const known = new KnownFindings();
    const hour = 3_600_000;
    known.learn([finding('a', { kind: 'duplicate-query' }), finding('a')], 0);
    known.learn([finding('a')], hour);
    expect(kindsIn(known, 'a', statement(ROUTE, hour))).toEqual(['duplicate-query', 'n-plus-one']);
    known.learn([finding('a')], hour + 1);
    expect(kindsIn(known, 'a', statement(ROUTE, 2 * hour + 1))).toEqual(['n-plus-one']);
    expect(kindsIn(known, 'a', statement(ROUTE, 2 * hour + 2))).toBeUndefined();
  });

  it('is bounded: of many statements and routes those that were found last', () => {
    const known = new KnownFindings();
    known.learn([finding('kept')], 1);
    for (let n = 0; n < 499; n++) known.learn([finding(`s${n}`)], 1);
    known.learn([finding('kept')], 1);
    for (let n = 0; n < 300; n++) known.learn([finding(`t${n}`)], 1);
    expect(kindsIn(known, 'kept')).toBeDefined();
    expect(kindsIn(known, 's0')).toBeUndefined();
    for (let n = 0; n < 50; n++) known.learn([finding('kept', { route: `GET /${n}` })], 1);
    const routes = Array.from({ length: 50 }, (_, n) => kindsIn(known, 'kept', statement(`GET /${n}`)));
    expect(routes.filter(Boolean)).toHaveLength(20);
    expect(routes.at(-1)).toBeDefined();
    for (let n = 0; n < 50; n++) known.learn([finding('kept', { route: 'GET /49', relation: `R${n}` })], 1);
    expect(known.of('kept', statement('GET /49'))?.findings).toBe(20);
  });
});
