import { Controller, Get } from '@nestjs/common';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { InjectDataSource } from '@nestjs/typeorm';
import { TypeormInstrumentation } from '@opentelemetry/instrumentation-typeorm';
import { QueryLensModule } from 'nestjs-query-lens';
import { DataSource } from 'typeorm';
import { ExportingSdk } from '../integration/telemetry/exporting-sdk.js';
import { patchByHand } from '../integration/telemetry/patch-by-hand.js';
import { tree } from '../integration/telemetry/span-tree.js';
import { Author } from './library.entities.js';
import { startApp, type RunningApp } from './start-app.js';

@Controller('authors')
class Authors {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  @Get('one')
  async one(): Promise<string> {
    const authors = this.dataSource.getRepository(Author);
    const author = await authors.findOne({ where: { id: 1 } });
    await authors.createQueryBuilder('author').getMany();
    await this.dataSource.query('SELECT 1');
    return author!.name;
  }
}

describe('beside the instrumentation of TypeORM', () => {
  const sdk = new ExportingSdk();
  let host: RunningApp;
  let unpatch = (): void => undefined;

  beforeAll(() => sdk.start());
  afterEach(async () => {
    unpatch();
    await host.app.close();
  });
  afterAll(() => sdk.stop());

  async function spansOf(
    telemetry: { driverSpans?: 'auto' | 'suppress' | 'keep' },
    config: { suppressInternalInstrumentation?: boolean } = {},
  ): Promise<readonly string[]> {
    unpatch = patchByHand(new TypeormInstrumentation({ enabled: false, ...config }));
    host = await startApp({ lens: QueryLensModule.forRoot({ telemetry }), controllers: [Authors] });
    await sdk.exported();
    sdk.receiver.clear();
    await host.get('/authors/one');
    return tree(await sdk.exported());
  }
  const ours = [
    'INTERNAL GET /authors/one',
    '  CLIENT SELECT "author"',
    '  CLIENT SELECT "author"',
    '  CLIENT SELECT',
  ];

  it.each(['auto', 'suppress'] as const)('one statement is one span of ours: %s', async (driverSpans) => {
    expect(await spansOf({ driverSpans })).toEqual(ours);
  });

  it('ours are made where it would silence everything below it', async () => {
    expect(await spansOf({}, { suppressInternalInstrumentation: true })).toEqual(ours);
  });

  it('its spans are around ours where they are to be kept', async () => {
    expect(await spansOf({ driverSpans: 'keep' })).toEqual([
      'INTERNAL GET /authors/one',
      '  CLIENT findOne author',
      '    CLIENT SELECT "author"',
      '  CLIENT select author',
      '    CLIENT SELECT "author"',
      '  CLIENT raw query',
      '    CLIENT SELECT',
    ]);
  });
});
