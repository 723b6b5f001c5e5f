import { afterEach, describe, expect, it } from '@jest/globals';
import { DatabaseTargets } from '../../../lib/capture/typeorm/database-target.js';

/** Address and port of the server, for TypeORM's options. */
function addressOf(options: { readonly type: string } & Record<string, unknown>) {
  const { address, port } = new DatabaseTargets({ options, database: 'shop' } as never).of(undefined);
  return { address, port };
}

describe('where a server is', () => {
  afterEach(() => {
    delete process.env['PGHOST'];
    delete process.env['PGPORT'];
  });

  it.each([
    [{ type: 'postgres' }, 'localhost', undefined],
    [{ type: 'postgres', host: 'db', port: 6432 }, 'db', 6432],
    [{ type: 'postgres', url: 'postgres://app@db:6432/shop', host: 'other' }, 'db', 6432],
    [{ type: 'postgres', host: '/run/postgresql', port: 5432 }, '/run/postgresql', undefined],
    [{ type: 'postgres', host: 'db', extra: { host: 'bouncer', port: 6432 } }, 'bouncer', 6432],
    [{ type: 'mysql', socketPath: '/run/mysqld.sock', host: 'db' }, '/run/mysqld.sock', undefined],
    [{ type: 'mysql', host: 'db' }, 'db', undefined],
  ])('is what the options %j say', (options, address, port) => {
    expect(addressOf(options)).toEqual({ address, port });
  });

  it('is what the environment says where they are silent, as the driver does', () => {
    process.env['PGHOST'] = 'db.internal';
    process.env['PGPORT'] = '6432';
    expect(addressOf({ type: 'postgres' })).toEqual({ address: 'db.internal', port: 6432 });
    expect(addressOf({ type: 'postgres', host: 'db', port: 5433 })).toEqual({ address: 'db', port: 5433 });
    expect(addressOf({ type: 'mysql' })).toEqual({ address: 'localhost', port: undefined });
  });

  it('is nowhere for a database within the process, and for files', () => {
    const connection = {};
    expect(addressOf({ type: 'postgres', extra: { host: 'localhost', connection } }).address).toBeUndefined();
    expect(addressOf({ type: 'postgres', host: 'db', extra: { stream: () => connection } }).address).toBe(
      undefined,
    );
    expect(addressOf({ type: 'better-sqlite3', host: 'db' }).address).toBeUndefined();
  });
});
