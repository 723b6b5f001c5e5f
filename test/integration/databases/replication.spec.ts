import '../capture/older-storage-first.js';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Column,
  DataSource,
  Entity,
  PrimaryGeneratedColumn,
  VirtualColumn,
  type DataSourceOptions,
} from 'typeorm';
import { DataSource as OldDataSource } from 'typeorm-0.3';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import { runTrial } from '../../../lib/capture/typeorm/replay/run-trial.js';
import { unseen } from '../../../lib/context/unseen.js';
import { entityLoad, keptLoad, trialOf } from '../../../lib/investigation/loading/kept-load.js';
import { describeWith } from '../../databases.js';
import { startMariadb } from '../../servers/private-mariadb.mjs';
import { startPostgres, startPostgresReplica, type PrivateServer } from '../../servers/private-postgres.mjs';
import { RecordingSink } from '../capture/recording-sink.js';
import { ObservedUnits } from '../scenarios/observed-units.js';

const TRIAL = {
  timeoutMs: 60_000,
  canBorrow: false,
  borrowOption: '',
  maxMs: 60_000,
  maxRows: 1_000,
  maxStatements: 100,
};

/** Each row says which server read it: what the record says is compared with what the server said. */
function itemOf(port: string) {
  @Entity()
  class Item {
    @PrimaryGeneratedColumn() id!: number;
    @Column() name!: string;
    @VirtualColumn({ type: 'int', query: () => `SELECT ${port}` }) port!: number;
  }
  return Item;
}

interface Servers {
  readonly primary: PrivateServer;
  readonly replica: PrivateServer;
}

interface Replicated {
  readonly type: 'postgres' | 'mysql';
  /** An expression: the port of the server that evaluates it. */
  readonly port: string;
  /** Two servers, with the same rows once `fill` has run on the primary. */
  readonly start: (fill: (server: PrivateServer) => Promise<void>) => Promise<Servers>;
}

const versions: Readonly<Record<string, (options: DataSourceOptions) => DataSource>> = {
  '1.1': (options) => new DataSource(options),
  '0.3': (options) => new OldDataSource(options as never) as unknown as DataSource,
};

function describeReplication({ type, port, start }: Replicated): void {
  const Item = itemOf(port);
  let servers: Servers;

  beforeAll(async () => {
    servers = await start(async ({ url }) => {
      const dataSource = await new DataSource({
        type,
        url,
        entities: [Item],
        synchronize: true,
      }).initialize();
      await dataSource.manager.insert(Item, [{ name: 'one' }, { name: 'two' }]);
      await dataSource.destroy();
    });
  }, 300_000);
  afterAll(async () => {
    await servers.replica.stop();
    await servers.primary.stop();
  });

  describe.each(Object.entries(versions))('with TypeORM %s', (_, make) => {
    const sink = new RecordingSink();
    let dataSource: DataSource;
    let undo: () => void;

    beforeAll(async () => {
      const [master, slave] = [servers.primary, servers.replica].map(({ url }) => ({ url }));
      const replication = { master, slaves: [slave] };
      dataSource = await make({ type, replication, entities: [Item] } as DataSourceOptions).initialize();
      undo = instrumentDataSource(dataSource, sink);
    });
    afterAll(async () => {
      undo();
      await dataSource.destroy();
      expect(sink.failures).toEqual([]);
    });

    const serverOf = (asked: unknown) =>
      Number(asked) === servers.primary.port
        ? 'primary'
        : Number(asked) === servers.replica.port
          ? 'replica'
          : asked;

    /** The recorded servers of a unit's statements; `ports` are what the servers themselves said. */
    const recorded = async (work: () => Promise<unknown>) => {
      const { queries } = await sink.unit(work);
      return queries.map(({ server, error }) => error?.message ?? server);
    };

    it('says replica for what find() and getMany() read', async () => {
      const seen: unknown[] = [];
      const servers = await recorded(async () => {
        seen.push(...(await dataSource.manager.find(Item)).map((item) => item.port));
        seen.push((await dataSource.manager.findOneByOrFail(Item, { name: 'two' })).port);
        seen.push((await dataSource.createQueryBuilder(Item, 'item').getMany())[0]?.port);
      });
      expect(servers).toEqual(['replica', 'replica', 'replica']);
      expect(new Set(seen.map(serverOf))).toEqual(new Set(['replica']));
    });

    it('says primary for query(), whatever it reads', async () => {
      let seen: unknown;
      const servers = await recorded(async () => {
        const [row] = await dataSource.query<{ port: number }[]>(`SELECT ${port} AS port`);
        seen = row?.port;
      });
      expect(servers).toEqual(['primary']);
      expect(serverOf(seen)).toBe('primary');
    });

    it('says primary for a save, its own reads included', async () => {
      const item = await dataSource.manager.findOneByOrFail(Item, { name: 'one' });
      const servers = await recorded(() => dataSource.manager.save(Object.assign(item, { name: 'one' })));
      expect(servers.length).toBeGreaterThan(0);
      expect(new Set(servers)).toEqual(new Set(['primary']));
      expect(new Set(await recorded(() => dataSource.manager.save(Item, { name: 'three' })))).toEqual(
        new Set(['primary']),
      );
      await dataSource.manager.delete(Item, { name: 'three' });
    });

    it('says primary for everything in a transaction', async () => {
      let seen: unknown;
      const servers = await recorded(() =>
        dataSource.transaction(async (manager) => {
          seen = (await manager.findOneByOrFail(Item, { name: 'two' })).port;
          await manager.update(Item, { name: 'two' }, { name: 'two' });
        }),
      );
      expect(servers).toHaveLength(4);
      expect(new Set(servers)).toEqual(new Set(['primary']));
      expect(serverOf(seen)).toBe('primary');
    });

    it('says what a query runner was made for', async () => {
      const seen: unknown[] = [];
      const servers = await recorded(async () => {
        for (const mode of ['slave', 'master'] as const) {
          const runner = dataSource.createQueryRunner(mode);
          const [row] = (await runner.query(`SELECT ${port} AS port`)) as { port: number }[];
          seen.push(row?.port);
          await runner.release();
        }
      });
      expect(servers).toEqual(['replica', 'primary']);
      expect(seen.map(serverOf)).toEqual(['replica', 'primary']);
    });

    it('says it of parallel statements, each of its own', async () => {
      const seen: unknown[] = [];
      const servers = await recorded(() =>
        Promise.all([
          dataSource
            .query<{ port: number }[]>(`SELECT ${port} AS port`)
            .then(([row]) => seen.push(row?.port)),
          dataSource.manager.find(Item).then(([item]) => seen.push(item?.port)),
          dataSource.manager.count(Item),
        ]),
      );
      expect([...servers].sort()).toEqual(['primary', 'replica', 'replica']);
      expect(seen.map(serverOf).sort()).toEqual(['primary', 'replica']);
    });

    it('tries advice where the load was read', async () => {
      const [master, slave] = [servers.primary, servers.replica].map(({ url }) => ({ url }));
      const other = await make({
        type,
        replication: { master, slaves: [slave] },
        entities: [Item],
      } as DataSourceOptions).initialize();
      const units = new ObservedUnits(other, { keepsReplays: true });
      const askedAgain = async (work: () => Promise<unknown>) => {
        const { analysed } = await units.run(work);
        const kept = keptLoad(entityLoad(analysed, ({ entity }) => entity === 'Item')?.id, analysed)!;
        const form = { parents: kept.parents };
        const trial = trialOf(kept, { today: form, candidates: [{ form }], aim: 'rows', path: [] });
        const { today } = await unseen(() => runTrial(other, trial, form, TRIAL));
        return today.roots.map(({ values }) => serverOf(values.get('port')));
      };
      try {
        expect(new Set(await askedAgain(() => other.manager.find(Item)))).toEqual(new Set(['replica']));
        const inTransaction = () => other.transaction((manager) => manager.find(Item));
        expect(new Set(await askedAgain(inTransaction))).toEqual(new Set(['primary']));
        expect(units.failures).toEqual([]);
      } finally {
        units.stop();
        await other.destroy();
      }
    });

    it('says it of a statement that fails', async () => {
      const { queries } = await sink.unit(async () => {
        await dataSource.query('SELECT nothing FROM nowhere').catch(() => undefined);
      });
      expect(queries).toMatchObject([{ server: 'primary', error: { code: expect.any(String) } }]);
    });
  });
}

describe('a primary and a replica', () => {
  describeWith('postgres-programs', (programs) => {
    describeReplication({
      type: 'postgres',
      port: 'inet_server_port()',
      start: async (fill) => {
        const primary = await startPostgres(programs);
        await fill(primary);
        // A copy of everything that is there; it follows from then on.
        return { primary, replica: await startPostgresReplica(programs, primary) };
      },
    });
  });

  /** mysql2's `poolCluster`: two servers with the same rows. */
  describeWith('mariadb-programs', (folder) => {
    describeReplication({
      type: 'mysql',
      port: '@@port',
      start: async (fill) => {
        const programs = { server: join(folder, 'mariadbd'), install: 'mariadb-install-db' };
        const [primary, replica] = [await startMariadb(programs), await startMariadb(programs)];
        for (const server of [primary, replica]) await fill(server);
        return { primary, replica };
      },
    });
  });
});
