import type { CallSite } from '../../lib/record/call-site.js';
import type { Report, ReportedFinding } from '../../lib/report/report.js';
import { sampleReport } from '../unit/report/sample-report.js';

const ROUTE =
  'GET /api/v2/organisations/:organisationId/workspaces/:workspaceId/projects/:projectId/environments/:environmentId/deployments';
const RELATION = 'OrganisationMembershipInvitation.organisationWorkspacePermissionAssignments';
const STATEMENT =
  'UPDATE "operations_reporting"."organisation_membership_invitation_permission_assignment" SET "state" = ? WHERE "id" = ?';
const NOON = '2026-03-01T12:00:00.000Z';

const site: CallSite = {
  file: 'src/modules/organisations/memberships/organisation-membership-invitation.repository.ts',
  line: 1_042,
  column: 31,
  function: 'OrganisationMembershipInvitationRepository.findAllWithPermissionAssignments',
};

const percentiles = (value: number) => ({ p50: value, p95: value, p99: value, max: value });
const user = { unit: ROUTE, callSite: site, connections: 8, heldMs: 45_231, idle: 7, inTransaction: 8 };

/** What a large application brings: long names, large figures, and everything at once. */
export function crowdedReport(): Report {
  const report = sampleReport();
  const [finding] = report.findings as [ReportedFinding];
  const [route] = report.routes as [Report['routes'][number]];
  const [loading] = report.loadingStrategies as [Report['loadingStrategies'][number]];
  const [query] = report.slowQueries as [Report['slowQueries'][number]];
  const statement = {
    ...query,
    fingerprint: 'deadbeefdeadbeef',
    statement: STATEMENT,
    routes: [ROUTE],
    callSites: [site],
    count: 1_234_567,
    totalMs: 98_765_432,
    hydratePercentilesMs: percentiles(0),
    errors: 3,
  };
  return {
    ...report,
    findings: [unfinishedIndex(finding), longFinding(finding), ineffectiveCache(finding), ...report.findings],
    routes: [{ ...route, route: ROUTE, units: 1_234_567, failures: 345, findings: 12 }, ...report.routes],
    loadingStrategies: [
      {
        ...loading,
        route: ROUTE,
        relation: RELATION,
        strategy: 'relation-builder',
        statements: 1_234_567,
        rows: 98_765_432,
        verdict: { ...loading.verdict, choice: 'select-columns' },
      },
      ...report.loadingStrategies,
    ],
    slowQueries: [statement, ...report.slowQueries],
    caches: [longCache(report)],
    pools: [fullPool()],
    replication: [replication()],
    transactions: [transaction()],
    lockConflicts: [lockConflict()],
    self: {
      ...report.self,
      recordsDropped: 1_234,
      evicted: { statements: 12_345 },
      failures: [{ where: 'analysis', count: 12, message: `Cannot read properties of ${RELATION}` }],
      degraded: [`${RELATION} was not found`],
      ignores: [{ rule: `n-plus-one ${RELATION} ${ROUTE}: a list of two`, matched: 0, isExpired: false }],
    },
  };
}

/** As lib/investigation/existing-index-findings.ts makes it: of no route, at no place, at no cost. */
function unfinishedIndex(finding: ReportedFinding): ReportedFinding {
  const { statement: _statement, ...rest } = finding;
  return {
    ...rest,
    id: 'index',
    kind: 'unused-index',
    severity: 'warning',
    relation: 'flights.IDX_flights_originIata_departsAt_destinationIata_arrivesAt',
    route: '',
    title: 'IDX_flights_originIata_departsAt_destinationIata_arrivesAt is invalid: no statement can use it',
    callSites: [],
    cost: { statements: 0, rows: 0, timeMs: 0 },
    advice: { text: 'Build it again, or drop it.', code: MIGRATION },
    occurrences: 1,
    firstSeen: NOON,
    lastSeen: NOON,
  };
}

const MIGRATION = `export class RebuildFlights1795813919195 implements MigrationInterface {
  transaction = false as const; // run with migrationsTransactionMode: "each"

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(\`REINDEX INDEX CONCURRENTLY "public"."IDX_flights"\`);
  }

  async down(): Promise<void> {
    // Nothing to undo.
  }
}`;

function longFinding(finding: ReportedFinding): ReportedFinding {
  return {
    ...finding,
    id: 'long',
    relation: RELATION,
    route: ROUTE,
    title: `${RELATION} was loaded 1,234,567 times, parent by parent`,
    callSites: [site],
    cost: { statements: 1_234_567, rows: 98_765_432, timeMs: 123_456_789 },
    occurrences: 1_234_567,
    traceIds: ['0af7651916cd43dd8448eb211c80319c', '0af7651916cd43dd8448eb211c80319d'],
  };
}

function ineffectiveCache(finding: ReportedFinding): ReportedFinding {
  const { statement: _statement, relation: _relation, ...rest } = finding;
  return { ...rest, id: 'cache', kind: 'cache-ineffective', cacheKey: 'default fare:*:*', callSites: [] };
}

function longCache({ generatedAt }: Report): Report['caches'][number] {
  return {
    cache: 'organisation-permission-cache',
    pattern: 'organisation:*:workspace:*:membership:*:permissions:*:effective:*:resolved',
    via: ['application'],
    lookUps: 1_234_567,
    hitRatio: 0.5,
    hits: 600_000,
    misses: 600_000,
    stale: 0,
    coalesced: 0,
    sets: 600_000,
    deletes: 0,
    failures: 12_345,
    nulls: 0,
    tiers: { primary: 600_000 },
    hitMs: percentiles(0.1),
    missMs: percentiles(12),
    computations: { count: 1, statements: 1, databaseMs: 12, timeMs: percentiles(0) },
    saved: { statements: 600_000, timeMs: 9_876_543 },
    entries: { stored: 1, neverFound: 0, expired: 0 },
    stampedes: { count: 3, needless: 20, worst: 9 },
    staleReads: { hits: 0, maxAgeMs: 0 },
    overTime: [{ from: generatedAt, lookUps: 10, hits: 5 }],
    routes: [ROUTE],
  };
}

function fullPool(): Report['pools'][number] {
  const name = 'primary-a.database.internal.example.com:5432';
  return {
    dataSource: 'default',
    server: 'primary',
    now: [{ name, size: 10, open: 10, inUse: 10, idle: 0, waiting: 27 }],
    holders: [user],
    connections: 123_456,
    waitMs: percentiles(5_000),
    waited: 4_242,
    refused: [{ code: 'ETIMEDOUT', count: 17 }],
    saturation: {
      episodes: 12,
      totalMs: 54_321,
      longestMs: 9_000,
      recent: [
        {
          startedAt: NOON,
          durationMs: 9_000,
          requests: 127,
          maxWaiting: 27,
          refused: 3,
          size: 10,
          holders: [user],
          waiters: [user],
        },
      ],
    },
    leakSuspects: [
      {
        unit: ROUTE,
        callSite: site,
        heldMs: 3_600_000,
        idleMs: 3_599_000,
        statements: 1,
        isInTransaction: true,
      },
    ],
  };
}

function replication(): Report['replication'][number] {
  return {
    dataSource: 'default',
    reads: { primary: 812, replica: 12_345 },
    primaryWithoutNeed: 400,
    replicaAfterWrite: 3,
    places: [
      {
        concern: 'replica-after-write',
        route: ROUTE,
        fingerprint: 'deadbeefdeadbeef',
        statement: STATEMENT,
        table: 'operations_reporting.organisation_membership_invitation_permission_assignment',
        count: 3,
        lastSeen: NOON,
        callSites: [site],
      },
    ],
  };
}

function transaction(): Report['transactions'][number] {
  return {
    route: ROUTE,
    dataSource: 'default',
    operation: 'save',
    entity: 'OrganisationMembershipInvitation',
    callSite: site,
    count: 1_234_567,
    committed: 1_234_000,
    rolledBack: 12_345,
    abandoned: 678,
    durationMs: percentiles(9_600),
    statements: percentiles(154),
    idleMs: 1_000_000,
    idleShare: 0.83,
    boundaryMs: 2_000,
    maxPerUnit: 20,
    savepoints: 4,
    isolations: ['SERIALIZABLE'],
    causes: [{ code: '40001', count: 12_345 }],
    longestGap: { durationMs: 900, before: 'INSERT organisation_membership_invitation', callSite: site },
  };
}

function lockConflict(): Report['lockConflicts'][number] {
  return {
    conflict: 'serialization-failure',
    code: '40001',
    dataSource: 'default',
    fingerprint: 'deadbeefdeadbeef',
    statement: STATEMENT,
    tables: ['operations_reporting.organisation_membership_invitation_permission_assignment'],
    count: 12,
    lostMs: 4_321,
    firstSeen: '2026-02-26T03:13:00.000Z',
    lastSeen: NOON,
    routes: [ROUTE],
    callSites: [site],
  };
}
