import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createCache, type Cache } from 'cache-manager';
import { Keyv } from 'keyv';
import { Column, Entity, PrimaryGeneratedColumn, type DataSource } from 'typeorm';
import type { Finding, FindingKind } from '../../../lib/analysis/finding.js';
import { DEFAULT_THRESHOLDS } from '../../../lib/analysis/thresholds.js';
import { instrumentCache } from '../../../lib/capture/cache-manager/instrument-cache.js';
import { findingLine } from '../../../lib/report/finding-line.js';
import { cacheFindings } from '../../../lib/statistics/cache-findings.js';
import { cacheableQueryFindings } from '../../../lib/statistics/cacheable-query-findings.js';
import { Statistics } from '../../../lib/statistics/statistics.js';
import { describeOn } from '../../databases.js';
import { ObservedUnits } from '../scenarios/observed-units.js';

@Entity()
class Author {
  @PrimaryGeneratedColumn()
  id: number;

  @Column()
  name: string;

  @Column()
  country: string;
}

/** The code that the pages show, and how often it runs. */
class AuthorsService {
  constructor(
    private readonly dataSource: DataSource,
    readonly cache: Cache,
    readonly broken: Cache,
  ) {}

  private get authors() {
    return this.dataSource.getRepository(Author);
  }

  async countries() {
    return this.authors
      .createQueryBuilder('author')
      .select('DISTINCT author.country', 'country')
      .getRawMany();
  }

  async byCountry(country: string) {
    return await this.authors.find({ where: { country }, cache: { id: 'authors', milliseconds: 60_000 } });
  }

  async one(id: number, cache = this.cache) {
    const cached = await cache.get<Author>(`author:${id}`);
    if (cached !== undefined) return cached;
    const author = await this.authors.findOneByOrFail({ id });
    await cache.set(`author:${id}`, author, 60_000);
    return author;
  }

  async search(term: string) {
    return this.cache.wrap(
      `search:${term}:${Math.random()}`,
      () => this.authors.findBy({ name: term }),
      60_000,
    );
  }
}

type Example = (service: AuthorsService, call: number) => Promise<unknown>;

const examples: Partial<Record<FindingKind, readonly [number, Example]>> = {
  'cacheable-query': [12, (service) => service.countries()],
  'cache-stampede': [1, (service) => Promise.all([1, 1, 1, 1].map((id) => service.one(id)))],
  'cache-id-collision': [
    1,
    async (service) => [await service.byCountry('FR'), await service.byCountry('DE')],
  ],
  'cache-ineffective': [60, (service) => service.search('Ada')],
  'cache-failure': [1, (service) => service.one(2, service.broken)],
};

const fail = () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }));

describeOn(['pglite'], (database) => {
  let units: ObservedUnits;
  let service: AuthorsService;

  beforeAll(async () => {
    const dataSource = await database.open({ entities: [Author], cache: { provider: () => inMemory() } });
    const { manager } = dataSource;
    await manager.insert(
      Author,
      ['FR', 'DE', 'DE'].map((country, n) => ({ name: `author ${n}`, country })),
    );
    units = new ObservedUnits(dataSource);
    const broken = createCache({
      stores: [new Keyv({ store: { get: fail, set: fail, delete: fail, clear: fail } })],
    });
    service = new AuthorsService(dataSource, createCache(), broken);
    instrumentCache(service.cache, units.context, 'default');
    instrumentCache(broken, units.context, 'default');
  });
  afterAll(() => {
    units.stop();
  });

  it.each(Object.keys(examples) as FindingKind[])(
    'the page of %s shows what is said of its example',
    async (kind) => {
      const page = readFileSync(`docs/findings/${kind}.md`, 'utf8');
      const finding = await findingOf(kind);
      const [shown] = /(?<=```text\n)[^]*?(?=```)/.exec(page) ?? [''];
      const block = comparable(shown);
      for (const line of saidLines(finding)) expect(block).toContain(comparable(line));
      for (const fact of Object.keys(finding.evidence.facts)) expect(page).toContain(`| \`${fact}\``);
    },
  );

  async function findingOf(kind: FindingKind): Promise<Finding> {
    const [calls, example] = examples[kind] ?? [0, () => Promise.resolve()];
    const statistics = new Statistics();
    for (let call = 0; call < calls; call++) {
      const { analysed, findings } = await units.run(() => example(service, call));
      statistics.add(analysed, findings);
    }
    const thresholds = { ...DEFAULT_THRESHOLDS, cacheableSavingMs: 0 };
    const all = [
      ...statistics.findings.values(),
      ...cacheFindings(statistics, thresholds),
      ...cacheableQueryFindings(statistics, thresholds),
    ].map(({ finding }) => finding);
    const found = all.find((finding) => finding.kind === kind);
    if (found === undefined)
      throw new Error(`The example of ${kind} gave ${all.map((one) => one.kind).join()}`);
    return found;
  }
});

/** The least that TypeORM needs for a cache of results. */
function inMemory() {
  const results = new Map<
    string,
    { identifier?: string; query: string; time: number; duration: number; result: unknown }
  >();
  const nothing = () => Promise.resolve();
  return {
    connect: nothing,
    disconnect: nothing,
    synchronize: nothing,
    clear: nothing,
    remove: nothing,
    isExpired: () => false,
    getFromCache: (options: { identifier?: string; query: string }) =>
      Promise.resolve(results.get(options.identifier ?? options.query)),
    storeInCache: (options: never) => {
      const { identifier, query } = options as { identifier?: string; query: string };
      results.set(identifier ?? query, options);
      return Promise.resolve();
    },
  } as never;
}

function saidLines(finding: Finding): string[] {
  const { title, evidence, advice, callSites } = finding;
  const [line = ''] = findingLine(finding).split(' GET /');
  const code = advice.code?.split('\n').map((part) => part.trim()) ?? [];
  const places = callSites.slice(0, 1).map((site) => `in ${site.function}`);
  return [line, ...places, title, evidence.text, advice.text, ...code];
}

function comparable(text: string): string {
  return text.replace(/<?\d[\d,.]*( ms| s\b)?/g, '#').replace(/[\w.-]+\.ts:#/g, 'file.ts:#');
}
