import { describe, expect, it } from '@jest/globals';
import { entityGraphLines } from '../../../lib/report/entity-graph-lines.js';
import { entityGraphMermaid } from '../../../lib/report/entity-graph-mermaid.js';
import { renderText } from '../../../lib/report/render-text.js';
import { entityGraphs, type EntityGraph } from '../../../lib/report/entity-graph.js';
import type { LoadingStrategyReport } from '../../../lib/report/report.js';
import { emptyReport } from './sample-report.js';

function loaded(name: string, more: Partial<LoadingStrategyReport> = {}): LoadingStrategyReport {
  const [entity, property] = name.split('.') as [string, string];
  return {
    route: 'GET /authors',
    relation: name,
    strategy: 'lazy',
    dataSource: 'default',
    entity,
    property,
    units: 1,
    maxLoadsPerUnit: 50,
    loads: 50,
    statements: 50,
    rows: 150,
    entities: 150,
    parents: 50,
    fanOut: { p50: 3, p95: 4 },
    timeMs: { wait: 0, execute: 1, hydrate: 1 },
    callSites: [],
    verdict: { choice: 'keep', why: '' },
    ...more,
  };
}

const BOOKS = loaded('Author.books', {
  target: 'Book',
  isToMany: true,
  loadedFrom: { entity: 'Author', path: [] },
  verdict: { choice: 'join', why: '' },
});
const REVIEWS = loaded('Book.reviews', {
  target: 'Review',
  isToMany: true,
  loadedFrom: { entity: 'Author', path: ['books'] },
  read: { loads: 3, read: 0, sentToClient: 0, copied: 0 },
});
const AGENT = loaded('Author.agent', {
  target: 'Agent',
  strategy: 'join',
  loadedFrom: { entity: 'Author', path: [] },
  read: { loads: 3, read: 1, sentToClient: 1, copied: 0 },
});

function drawn(...rows: readonly LoadingStrategyReport[]): readonly string[] {
  return entityGraphs(rows).flatMap((graph) =>
    entityGraphLines(graph).map(({ branch, edge }) => `${branch}${edge.row.relation} ${edge.readState}`),
  );
}

describe('the entity graph', () => {
  it('stands each relation below the one that its parents came through', () => {
    expect(drawn(REVIEWS, BOOKS, AGENT)).toEqual([
      'Author.books unknown',
      '└─ Book.reviews unread',
      'Author.agent read',
    ]);
  });

  it('draws siblings and deeper levels apart', () => {
    const deep = loaded('Review.author', { loadedFrom: { entity: 'Author', path: ['books', 'reviews'] } });
    const publisher = loaded('Book.publisher', { loadedFrom: { entity: 'Author', path: ['books'] } });
    expect(drawn(BOOKS, REVIEWS, deep, publisher)).toEqual([
      'Author.books unknown',
      '├─ Book.reviews unread',
      '│  └─ Review.author unknown',
      '└─ Book.publisher unknown',
    ]);
  });

  it('goes by the class where the way was not seen', () => {
    expect(drawn(loaded('Book.reviews'), BOOKS)).toEqual(['Author.books unknown', '└─ Book.reviews unknown']);
  });

  it('makes a root of its own where nothing leads to the class', () => {
    const graph = entityGraphs([
      AGENT,
      loaded('Shop.city'),
      {
        ...loaded('x'),
        relation: 'Author by id',
        entity: undefined,
        property: undefined,
      },
    ])[0];
    expect(graph?.roots.map(({ entity }) => entity)).toEqual(['Author', 'Shop', undefined]);
  });

  it('ends where classes point at each other and at themselves', () => {
    const there = loaded('Author.books', { target: 'Book' });
    const back = loaded('Book.author', { target: 'Author' });
    const self = loaded('Category.children', { target: 'Category' });
    expect(drawn(there, back, self)).toEqual([
      'Book.author unknown',
      '└─ Author.books unknown',
      'Category.children unknown',
    ]);
  });

  it('keeps routes and data sources apart', () => {
    const elsewhere = { ...REVIEWS, dataSource: 'archive' };
    expect(entityGraphs([BOOKS, { ...BOOKS, route: 'GET /books' }]).map(({ route }) => route)).toEqual([
      'GET /authors',
      'GET /books',
    ]);
    expect(drawn(BOOKS, elsewhere)).toEqual(['Author.books unknown', 'Book.reviews unread']);
  });

  it('tells what was only sent to the client', () => {
    expect(drawn({ ...BOOKS, read: { loads: 2, read: 0, sentToClient: 2, copied: 1 } })).toEqual([
      'Author.books sent-only',
    ]);
  });
});

describe('the entity graph in the text report', () => {
  it('is the table of the route', () => {
    const text = renderText(
      { ...emptyReport(), loadingStrategies: [REVIEWS, BOOKS, AGENT] },
      { columns: 120 },
    );
    expect(text).toMatch(/^ {2}Author\.books .* join$/mu);
    expect(text).toMatch(/^ {2}└─ Book\.reviews .* unread {2,}keep$/mu);
    expect(text).toMatch(/^ {2}Author\.agent .* read {2,}keep$/mu);
  });
});

describe('the entity graph in Mermaid', () => {
  it('draws nodes and labelled arrows', () => {
    expect(entityGraphMermaid(entityGraphs([BOOKS, REVIEWS, AGENT])[0] as EntityGraph)).toBe(
      [
        'flowchart LR',
        '  e0["Author"]',
        '  e1["Book[]"]',
        '  e0 ==>|"books<br>lazy · 50 loads · fan-out 4<br>join"| e1',
        '  e2["Review[]"]',
        '  e1 -.->|"reviews<br>lazy · 50 loads · fan-out 4<br>unread · keep"| e2',
        '  e3["Agent"]',
        '  e0 -->|"agent<br>join · 50 loads<br>read · keep"| e3',
      ].join('\n'),
    );
  });

  it('lets no name break out of its label', () => {
    const graph = entityGraphs([loaded('A"].<b>#\n.x')])[0] as EntityGraph;
    expect(entityGraphMermaid(graph)).not.toMatch(/<b>|A"|#\s/u);
  });
});
