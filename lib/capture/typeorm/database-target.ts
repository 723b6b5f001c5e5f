import type { DatabaseTarget } from '../../record/live-tracer.js';
import type { DriverShape } from './typeorm-shapes.js';

/** Where one server is, as TypeORM's options say it. */
interface Credentials {
  readonly url?: unknown;
  readonly host?: unknown;
  readonly port?: unknown;
  readonly socketPath?: unknown;
  /** What goes to the driver as it is, over everything else. */
  readonly extra?: Extra;
}

interface Extra {
  readonly host?: unknown;
  readonly port?: unknown;
  /** In the place of a socket: a database within the process, as PGlite is, or a tunnel. */
  readonly stream?: unknown;
  readonly connection?: unknown;
}

interface Replication {
  readonly master?: Credentials;
  readonly slaves?: readonly Credentials[];
}

interface LearningDriver extends DriverShape {
  /** Known once the data source is connected. */
  readonly searchSchema?: unknown;
}

const DEFAULT_PORTS: ReadonlyMap<string, number> = new Map([
  ['postgres', 5432],
  ['cockroachdb', 26257],
  ['mysql', 3306],
  ['mariadb', 3306],
  ['mssql', 1433],
  ['oracle', 1521],
]);

/** What the statements of one data source go to. Answers the same object until TypeORM has learnt more of the database. */
export class DatabaseTargets {
  private database: unknown;
  private schema: unknown;
  private readonly known = new Map<QueryServer, DatabaseTarget>();

  constructor(private readonly driver: LearningDriver) {}

  of(server: QueryServer): DatabaseTarget {
    const { database, searchSchema } = this.driver;
    if (database !== this.database || searchSchema !== this.schema) {
      this.known.clear();
      this.database = database;
      this.schema = searchSchema;
    }
    let target = this.known.get(server);
    if (target === undefined) this.known.set(server, (target = this.read(server)));
    return target;
  }

  private read(server: QueryServer): DatabaseTarget {
    const { type } = this.driver.options;
    const defaultPort = DEFAULT_PORTS.get(type);
    return {
      driver: type,
      database: textOf(this.database),
      schema: textOf(this.schema),
      defaultPort,
      ...(defaultPort === undefined ? {} : addressOf(credentialsOf(this.driver, server), LIBPQ.has(type))),
    };
  }
}

type QueryServer = 'primary' | 'replica' | undefined;

/** Undefined where the pool chooses among several: which one it takes is known too late. */
function credentialsOf(driver: DriverShape, server: QueryServer): Credentials | undefined {
  const options = driver.options as Credentials & { readonly replication?: Replication };
  const { replication } = options;
  if (server === undefined || replication === undefined) return options;
  if (server === 'primary') return { ...options, ...replication.master };
  const [only, ...others] = replication.slaves ?? [];
  return others.length === 0 && only !== undefined ? { ...options, ...only } : undefined;
}

/** Where their options are silent, `pg` asks the environment, like everything that speaks to PostgreSQL. */
const LIBPQ: ReadonlySet<string> = new Set(['postgres', 'cockroachdb']);

function addressOf(
  credentials: Credentials | undefined,
  isLibpq: boolean,
): Pick<DatabaseTarget, 'address' | 'port'> {
  if (credentials === undefined) return {};
  const { extra } = credentials;
  if (extra?.stream !== undefined || extra?.connection !== undefined) return {};
  const given = { ...credentials, ...fromUrl(credentials.url) };
  const { PGHOST, PGPORT } = isLibpq ? process.env : {};
  const { socketPath } = given;
  if (typeof socketPath === 'string' && socketPath !== '') return { address: socketPath };
  const address = textOf(extra?.host) ?? textOf(given.host) ?? textOf(PGHOST) ?? 'localhost';
  const port = extra?.port ?? given.port ?? PGPORT;
  // PostgreSQL takes the directory of a socket for a host.
  if (address.startsWith('/')) return { address };
  const number = Number(port);
  return { address, port: Number.isInteger(number) && number > 0 ? number : undefined };
}

function fromUrl(url: unknown): Credentials {
  if (typeof url !== 'string' || !URL.canParse(url)) return {};
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return { ...(host === '' ? {} : { host }), ...(port === '' ? {} : { port }) };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
