import type { CacheRecord } from '../../record/cache-record.js';
import type { Detector } from '../detector.js';
import { makeFinding } from '../make-finding.js';
import { groupBy } from '../totals.js';

/**
 * One `cache: { id }` of TypeORM that two statements use, or one statement with several values: a look-up by id does not
 * compare them, so the rows of the other are served.
 */
export const detectCacheIdCollision: Detector = (unit) => {
  const collided = unit.unit.caches.filter(({ collision }) => collision !== undefined);
  const groups = groupBy(collided, ({ cache, collision }) => `${cache}|${collision?.identifier}`);
  return [...groups.values()].map((group) => {
    const [{ cache, collision, outcome }] = group as [CacheRecord];
    const { identifier = '', asked = '', found = '', isSameStatement = false } = collision ?? {};
    const isServed = group.some((record) => record.outcome === 'hit');
    return {
      ...makeFinding(unit, {
        kind: 'cache-id-collision',
        severity: 'error',
        title: isServed
          ? `The cache id "${identifier}" served the rows of ${isSameStatement ? 'other values' : 'another statement'}`
          : `The cache id "${identifier}" is used by ${isSameStatement ? 'one statement with several values' : 'two statements'}`,
        queries: [],
        ...(group[0]?.callSite === undefined ? {} : { callSites: [group[0].callSite] }),
        evidence: {
          text: isSameStatement
            ? `Asked for ${asked}; what was kept under this id had been read with other values.`
            : `Asked for ${asked}; what was kept under this id was ${found}.`,
          facts: { calls: group.length, identifier, outcome, isSameStatement, asked, found },
        },
        advice: {
          text: 'Put everything that the result depends on into the id, or leave the id out: TypeORM then uses the statement with its values.',
          code: `cache: { id: \`${identifier.replace(/[`*]/g, '')}:\${values}\`, milliseconds: 30_000 }`,
        },
      }),
      cacheKey: `${cache} ${identifier}`,
      cost: { statements: 0, rows: 0, timeMs: 0 },
    };
  });
};
