import type { Attributes } from '@opentelemetry/api';
import { cutText } from '../record/cut-text.js';
import type { CallAround, DatabaseTarget, StatementStart } from '../record/live-tracer.js';
import { MAX_STATEMENT_LENGTH } from '../record/query-record.js';
import { parseStatement } from '../sql/parse-statement.js';
import { redact } from '../sql/redact.js';
import { dialectOf } from '../sql/sql-dialect.js';
import { namespaceOf } from './namespace.js';
import { RecentCache } from './recent-cache.js';
import { SEMCONV, systemName } from './semconv.js';

/** What all runs of one text on one server have in common. */
export interface StatementShape {
  /** Name of its spans. */
  readonly name: string;
  /** Equal for statements that differ in values only. */
  readonly fingerprint: string;
  readonly metricAttributes: Attributes;
  /** Everything that is known before it runs; the same object for each call, because making it costs more than a span. */
  attributesFor(call: CallAround | undefined): Attributes;
}

/** Texts remembered of each server and kind: parameterised or not. */
const MAX_TEXTS = 500;
const MAX_CHARACTERS = 500_000;

/** Different summaries in metrics; the rest is `other`. */
const MAX_SUMMARIES = 200;

/** Reads each text once while it stays in use. */
export class StatementShapes {
  private readonly summaries = new Set<string>();
  private readonly targets = new WeakMap<DatabaseTarget, TargetShapes>();

  of({ target, statement, hasParameters }: StatementStart): StatementShape {
    let shapes = this.targets.get(target);
    if (shapes === undefined) this.targets.set(target, (shapes = new TargetShapes(target, this.summaries)));
    return shapes.of(statement, hasParameters);
  }
}

class TargetShapes {
  private readonly common: Attributes;
  private readonly parameterised = new RecentCache<StatementShape>(MAX_TEXTS, MAX_CHARACTERS);
  private readonly literal = new RecentCache<StatementShape>(MAX_TEXTS, MAX_CHARACTERS);

  constructor(
    private readonly target: DatabaseTarget,
    /** That metrics have so far. */
    private readonly summaries: Set<string>,
  ) {
    this.common = commonAttributes(target);
  }

  of(statement: string, hasParameters: boolean): StatementShape {
    const cache = hasParameters ? this.parameterised : this.literal;
    return cache.get(statement, () => this.read(statement, hasParameters));
  }

  /** TypeORM writes numbers into statements of SQLite, whatever else it binds: those are values, too. */
  private get hasInlinedNumbers(): boolean {
    return this.common[SEMCONV.system] === 'sqlite';
  }

  private read(statement: string, hasParameters: boolean): StatementShape {
    const dialect = dialectOf(this.target.driver);
    const text = cutText(statement, MAX_STATEMENT_LENGTH);
    const { summary, fingerprint, tables } = parseStatement(text, dialect);
    const name = summary === '' ? systemName(this.target.driver) : summary;
    const attributes: Attributes = {
      ...this.common,
      ...(summary === '' ? {} : { [SEMCONV.summary]: summary }),
      [SEMCONV.text]: hasParameters && !this.hasInlinedNumbers ? text : redact(text, dialect),
    };
    const [table, ...others] = tables;
    const only = others.length === 0 ? table?.name : undefined;
    return new Shape(
      name,
      fingerprint,
      attributes,
      metricAttributes(this.common, this.counted(summary)),
      only,
    );
  }

  private counted(summary: string): string {
    if (this.summaries.size < MAX_SUMMARIES) this.summaries.add(summary);
    return this.summaries.has(summary) ? summary : 'other';
  }
}

class Shape implements StatementShape {
  private readonly byOperation = new Map<string, Attributes>();

  constructor(
    readonly name: string,
    readonly fingerprint: string,
    private readonly attributes: Attributes,
    readonly metricAttributes: Attributes,
    /** The one table, where it is one. */
    private readonly table: string | undefined,
  ) {}

  /** Operations are names of methods: a handful. A call may send statements to other tables, too; those are not its own. */
  attributesFor(call: CallAround | undefined): Attributes {
    if (call?.table === undefined || call.table !== this.table) return this.attributes;
    let attributes = this.byOperation.get(call.operation);
    if (attributes === undefined) {
      const { operation, table } = call;
      attributes = { ...this.attributes, [SEMCONV.operation]: operation, [SEMCONV.collection]: table };
      this.byOperation.set(operation, attributes);
    }
    return attributes;
  }
}

/** What every span and metric of one server carries. */
export function commonAttributes(target: DatabaseTarget): Attributes {
  const { address, port, defaultPort } = target;
  const namespace = namespaceOf(target);
  return {
    [SEMCONV.system]: systemName(target.driver),
    ...(namespace === undefined ? {} : { [SEMCONV.namespace]: namespace }),
    ...(address === undefined ? {} : { [SEMCONV.address]: address }),
    // The convention wants it where it is not the one that everybody expects.
    ...(address === undefined || port === undefined || port === defaultPort ? {} : { [SEMCONV.port]: port }),
  };
}

function metricAttributes(common: Attributes, summary: string): Attributes {
  const { [SEMCONV.system]: system, [SEMCONV.namespace]: namespace } = common;
  return {
    [SEMCONV.system]: system,
    ...(namespace === undefined ? {} : { [SEMCONV.namespace]: namespace }),
    ...(summary === '' ? {} : { [SEMCONV.summary]: summary }),
  };
}
