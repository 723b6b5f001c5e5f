import { Line } from '../../lib/line.js';
import { instrumentDataSource } from '../../lib/capture/typeorm/instrument-data-source.js';
import type { QueryLensOptions } from '../../lib/options.js';

/** The query runner of a driver that answers at once: what is measured is QueryLens alone. */
class InstantRunner {
  constructor(
    readonly driver: object,
    private readonly answer: () => unknown,
  ) {}

  query(_statement: unknown, _parameters?: unknown): Promise<unknown> {
    return Promise.resolve(this.answer());
  }
}

/** The whole line of one application without Nest, over a driver that answers at once. */
export class RecordedDriver {
  readonly line: Line;
  readonly runner: InstantRunner;
  answer: () => unknown = () => [];

  constructor(options: QueryLensOptions = {}) {
    const silent = { error: () => undefined, warn: () => undefined, log: () => undefined };
    this.line = new Line(options, silent);
    const driver: { options: object; createQueryRunner?: () => InstantRunner } = {
      options: { type: 'postgres' },
    };
    driver.createQueryRunner = () => new InstantRunner(driver, () => this.answer());
    const dataSource = {
      driver,
      options: { type: 'postgres' },
      createQueryBuilder: () => ({}),
      manager: {},
      entityMetadatas: [],
    };
    instrumentDataSource(dataSource, this.line.context, { name: 'default' });
    this.runner = driver.createQueryRunner();
  }

  /** One unit of work of so many statements; resolves when it has been analysed. */
  async unit(count: number, statementAt: (index: number) => string, values?: unknown[]): Promise<void> {
    await this.line.context.observe('work', async () => {
      for (let index = 0; index < count; index++) await this.runner.query(statementAt(index), values);
    });
    await this.line.units();
  }
}
