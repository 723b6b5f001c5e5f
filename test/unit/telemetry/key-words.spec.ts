import { describe, expect, it } from '@jest/globals';
import type { AnalysedUnit } from '../../../lib/analysis/detector.js';
import type { Finding } from '../../../lib/analysis/finding.js';
import { KeyPatterns } from '../../../lib/capture/key-patterns.js';
import type { CacheRecord } from '../../../lib/record/cache-record.js';
import type { SchemaModel } from '../../../lib/record/schema-model.js';
import type { UnitOfWork } from '../../../lib/record/unit-of-work.js';
import { COMMON_WORDS } from '../../../lib/telemetry/common-words.js';
import { KeyWords } from '../../../lib/telemetry/key-words.js';

const schema: SchemaModel = {
  dataSource: 'default',
  driver: 'postgres',
  typeormVersion: '1',
  entities: [
    {
      name: 'LoyaltyTier',
      table: 'tbl_loyalty_tiers',
      schema: 'crm',
      columns: [{ property: 'bonusPoints', column: 'bonus_points', isPrimary: false }],
      relations: [
        {
          property: 'voucher',
          kind: 'many-to-one',
          target: 'Voucher',
          isOwning: true,
          isLazy: false,
          isEager: false,
          joinColumns: [],
        },
      ],
    },
  ],
};

/** A unit of work that used a cache. */
function unitNamed(name: string, schemas: readonly SchemaModel[] = [schema]): AnalysedUnit {
  const unit = { name, caches: [{} as CacheRecord] } as unknown as UnitOfWork;
  return { unit, schemas: new Map(schemas.map((one) => [one.dataSource, one])) } as unknown as AnalysedUnit;
}

function finding(cacheKey: string | undefined, title: string): Finding {
  return { cacheKey, title } as unknown as Finding;
}

describe('words of cache keys that leave the process', () => {
  it.each([
    ['user:*:profile', 'user:*:profile'],
    ['loyalty-tier:*', 'loyalty-tier:*'],
    ['loyaltyTiers:*', 'loyaltyTiers:*'],
    ['LOYALTY_TIER:*', 'LOYALTY_TIER:*'],
    ['crm.tbl_loyalty_tiers', 'crm.tbl_loyalty_tiers'],
    ['bonusPoints', 'bonusPoints'],
    ['vouchers', 'vouchers'],
    ['/rewards/*/redeem?limit=*&after=*', '/rewards/*/redeem?limit=*&*=*'],
    ['v2:session:*', 'v2:session:*'],
    ['u:*', 'u:*'],
    ['', ''],
    ['*', '*'],
    // Names of people, of customers, and secrets.
    ['user:ada', 'user:*'],
    ['user:ada-lovelace', 'user:*'],
    ['user:Ada Lovelace *', 'user:*'],
    ['user-ada', 'user-*'],
    ['acme:orders', '*:orders'],
    ['hunter', '*'],
    ['hunterTwo.session', '*.session'],
    ['userHunter', '*'],
    ['oauth*:list', '*:list'],
    ['feed:hunter:hu…', 'feed:*:*…'],
    ['session:`hunter`', 'session:*'],
    ['?hunter=*&limit=*', '?*=*&limit=*'],
  ])('shows %j as %j', (pattern, shown) => {
    const words = new KeyWords([]);
    words.learn(unitNamed('GET /rewards/:id/redeem'));
    expect(words.mask(pattern)).toBe(shown);
  });

  it('are those of entities, routes and handlers that have been seen', () => {
    const words = new KeyWords([]);
    expect(words.mask('loyalty:*')).toBe('*:*');
    expect(words.mask('nightly:*')).toBe('*:*');
    words.learn(unitNamed('cron LoyaltyService.nightlyRun'));
    expect(words.mask('loyalty:*')).toBe('loyalty:*');
    expect(words.mask('nightly:*')).toBe('nightly:*');
  });

  it('and those that the application gives', () => {
    expect(new KeyWords(['geocoded-places']).mask('geocoded:place:*')).toBe('geocoded:place:*');
  });

  it('hold no key of a word that nobody knows, whatever it is joined with', () => {
    const words = new KeyWords([]);
    words.learn(unitNamed('GET /users/:id'));
    const patterns = new KeyPatterns();
    for (const secret of ['hunter', 'Hunter', 'hunter2', 'hunter-two', 'huntER', "o'hunter", 'hünter'])
      for (const key of [
        secret,
        `user:${secret}`,
        `${secret}:user`,
        `user_${secret}`,
        `/users/${secret}/list`,
      ])
        expect(words.mask(patterns.fold(key).pattern)).not.toMatch(/h.nter|two/i);
  });

  it('are the same in findings', () => {
    const words = new KeyWords([]);
    const { cacheKey, title } = words.maskFinding(
      finding(
        'typeorm:default acme:orders',
        'The cache id "acme:orders" served the rows of another statement',
      ),
    );
    expect(cacheKey).toBe('typeorm:default *:orders');
    expect(title).toBe('The cache id "*:orders" served the rows of another statement');
    for (const same of [finding('sessions', 'a'), finding(undefined, 'b'), finding('default user:*', 'c')])
      expect(words.maskFinding(same)).toBe(same);
  });

  it('have a common list without a name of the tests', () => {
    expect(new Set(COMMON_WORDS).size).toBe(COMMON_WORDS.length);
    expect(COMMON_WORDS.filter((word) => !/^[a-z]+$/.test(word))).toEqual([]);
  });
});
