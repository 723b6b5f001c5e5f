import type { TransactionReport } from '../../lib/report/transaction-report.js';
import { countText } from '../../lib/statistics/count-text.js';
import { durationText } from '../../lib/statistics/duration-text.js';
import { hashOf } from '../hash-route.js';
import { CallSites } from '../parts/call-sites.js';
import { Facts, Figures, type Fact } from '../parts/facts.js';
import { ViewHead } from '../parts/view-head.js';
import { begunBy } from './transactions.js';

/** One place that begins transactions: how long, how they ended, and what stood around the longest pause. */
export function TransactionPage({ transaction }: { readonly transaction: TransactionReport }) {
  const { route, dataSource, count, durationMs, statements, callSite } = transaction;
  return (
    <article>
      <ViewHead
        title={begunBy(transaction)}
        about={`on data source ${dataSource}`}
        json="transactions"
        back={{ href: '#/transactions', text: 'Transactions' }}
      />
      <Figures
        facts={[
          { name: count === 1 ? 'time' : 'times', value: countText(count) },
          { name: 'p50', value: durationText(durationMs.p50) },
          { name: 'p95', value: durationText(durationMs.p95) },
          { name: 'longest', value: durationText(durationMs.max) },
          { name: 'statements, p95', value: countText(statements.p95) },
          { name: 'idle', value: `${String(Math.round(100 * transaction.idleShare))} %` },
        ]}
      />
      <Facts
        facts={[
          { name: 'Route', value: <a href={hashOf('routes', route)}>{route}</a> },
          { name: 'Where', value: <CallSites sites={callSite === undefined ? [] : [callSite]} /> },
          { name: 'Ended', value: endings(transaction) },
          { name: 'Without a statement', value: `${durationText(transaction.idleMs)} in all` },
          { name: 'BEGIN and COMMIT', value: `${durationText(transaction.boundaryMs)} in all` },
          { name: 'In one unit', value: `${countText(transaction.maxPerUnit)} at most` },
          ...isolationFacts(transaction),
        ]}
      />
      <Gap transaction={transaction} />
    </article>
  );
}

function endings({ committed, rolledBack, abandoned, causes }: TransactionReport): string {
  const why = causes.map(({ code, count }) => `${code} ${countText(count)}×`).join(', ');
  return [
    `${countText(committed)} committed`,
    ...(rolledBack > 0 ? [`${countText(rolledBack)} rolled back (${why})`] : []),
    ...(abandoned > 0 ? [`${countText(abandoned)} given back without COMMIT or ROLLBACK`] : []),
  ].join(', ');
}

function isolationFacts({ isolations, savepoints }: TransactionReport): readonly Fact[] {
  return [
    ...(isolations.length > 0 ? [{ name: 'Isolation', value: isolations.join(', ') }] : []),
    ...(savepoints > 0 ? [{ name: 'Savepoints', value: countText(savepoints) }] : []),
  ];
}

function Gap({ transaction: { longestGap } }: { readonly transaction: TransactionReport }) {
  if (longestGap === undefined) return null;
  const { durationMs, before, after, callSite } = longestGap;
  return (
    <section aria-labelledby="gap">
      <h2 id="gap">The longest pause: {durationText(durationMs)}</h2>
      <p>
        Nothing ran between <code>{before ?? 'BEGIN'}</code> and{' '}
        {after === undefined ? 'its end' : <code>{after}</code>}
        {callSite === undefined ? '.' : ', which came from'}
      </p>
      {callSite !== undefined && <CallSites sites={[callSite]} />}
    </section>
  );
}
