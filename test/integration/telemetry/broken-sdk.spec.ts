import { afterEach, describe, expect, it } from '@jest/globals';
import { context, trace, type Context, type ContextManager } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { BasicTracerProvider, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { instrumentDataSource } from '../../../lib/capture/typeorm/instrument-data-source.js';
import { describeOn } from '../../databases.js';
import { Author, blogEntities, fillBlog } from '../capture/blog.js';
import { RecordingSink } from '../capture/recording-sink.js';
import { telemetryWith } from './telemetry-with.js';

const broken = (): never => {
  throw new Error('the SDK is broken');
};
const idle = (): void => undefined;
const settled = () => Promise.resolve();

/** What an application may have registered, at its worst. */
const processors: Record<string, Partial<SpanProcessor>> = {
  'throws when a span starts': { onStart: broken },
  'throws when a span ends': { onEnd: broken },
};

/** Loses the call, or makes it twice. */
class BrokenContexts extends AsyncLocalStorageContextManager {
  constructor(private readonly how: 'throws before' | 'throws after') {
    super();
  }

  override with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    around: Context,
    work: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    if (this.how === 'throws before') return broken();
    super.with(around, work, thisArg, ...args);
    return broken();
  }
}

describe('a broken SDK', () => {
  describeOn(['sqljs', 'postgres'], (database) => {
    afterEach(() => {
      trace.disable();
      context.disable();
    });

    async function answers(
      processor: Partial<SpanProcessor>,
      contexts: ContextManager = new AsyncLocalStorageContextManager(),
    ): Promise<void> {
      const dataSource = await database.open({ entities: blogEntities });
      await fillBlog(dataSource);
      const whole = { onStart: idle, onEnd: idle, forceFlush: settled, shutdown: settled, ...processor };
      trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [whole] }));
      context.setGlobalContextManager(contexts);
      const sink = new RecordingSink(telemetryWith());
      const undo = instrumentDataSource(dataSource, sink);
      const unit = await sink.unit(async () => {
        await expect(dataSource.getRepository(Author).count()).resolves.toBe(3);
        await expect(dataSource.query('SELECT 1 FROM nowhere')).rejects.toThrow(/nowhere/);
        const saved = await dataSource.transaction((manager) => manager.save(Author, { name: 'new' }));
        expect(saved.id).toBe(4);
        await expect(dataSource.getRepository(Author).count()).resolves.toBe(4);
      });
      expect(unit.queries.length).toBeGreaterThanOrEqual(6);
      expect(unit.queries.filter(({ error }) => error !== undefined)).toHaveLength(1);
      expect(sink.failures).not.toEqual([]);
      undo();
      await dataSource.destroy();
    }

    it.each(Object.entries(processors))('changes nothing: %s', async (_, processor) => {
      await answers(processor);
    });

    it.each(['throws before', 'throws after'] as const)(
      'changes nothing and runs no statement twice: a context manager that %s',
      async (how) => {
        await answers({}, new BrokenContexts(how));
      },
    );
  });
});
