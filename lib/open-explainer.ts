import {
  openExplainSession,
  type ExplainSession,
} from './capture/typeorm/explain-session/open-explain-session.js';
import { MysqlExplainer } from './explain/mysql/mysql-explainer.js';
import { PostgresExplainer } from './explain/postgres/postgres-explainer.js';
import { SqliteExplainer } from './explain/sqlite/sqlite-explainer.js';
import type { Explainer } from './investigation/explainer.js';
import type { InvestigateOptions } from './investigate-options.js';
import type { OpenedExplainer } from './investigation-ports.js';

/**
 * Opens a connection for investigations of a data source.
 *
 * @throws Error where there is none; the message says why
 */
export async function openExplainer(
  dataSource: object | undefined,
  options: InvestigateOptions,
): Promise<OpenedExplainer> {
  if (dataSource === undefined) throw new Error('the data source is gone');
  const opened = await openExplainSession(dataSource, {
    timeoutMs: options.statementTimeoutMs,
    canBorrow: options.borrowConnection,
  });
  try {
    return { explainer: await explainerOn(opened, options), close: () => opened.close() };
  } catch (error) {
    await opened.close().catch(() => undefined);
    throw error;
  }
}

function explainerOn(
  { type, session, scratch }: ExplainSession,
  options: InvestigateOptions,
): Promise<Explainer> {
  if (scratch !== undefined) return SqliteExplainer.open(session, scratch, options);
  return type === 'mysql' ? MysqlExplainer.open(session, options) : PostgresExplainer.open(session, options);
}
