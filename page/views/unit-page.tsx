import { counted, countText } from '../../lib/statistics/count-text.js';
import { durationText } from '../../lib/statistics/duration-text.js';
import type { UnitView } from '../../lib/unit-view.js';
import { hashOf } from '../hash-route.js';
import { useLoaded } from '../page-context.js';
import { Mark } from '../parts/badges.js';
import { Figures } from '../parts/facts.js';
import { clockText } from '../parts/time-text.js';
import { NotYet, ViewHead } from '../parts/view-head.js';
import { Waterfall } from '../parts/waterfall.js';

/** One unit of work on a time line. */
export function UnitPage({ id }: { readonly id: string }) {
  const path = `units/${encodeURIComponent(id)}`;
  const { data: unit, error } = useLoaded<UnitView>(path);
  const back = { href: '#/units', text: 'Recent units' };
  if (unit === undefined) {
    return (
      <>
        <ViewHead title={`Unit ${id}`} json={path} back={back} />
        <NotYet error={error} />
      </>
    );
  }
  const { name, kind, startedAt, durationMs, status, queries, rows, timeMs, findings, traceId } = unit;
  return (
    <article>
      <ViewHead
        title={name}
        about={
          <>
            {kind} unit <code>{unit.id}</code>, {clockText(startedAt)}
            {traceId !== undefined && (
              <>
                , trace <code>{traceId}</code>
              </>
            )}
            {kind !== 'bootstrap' && kind !== 'background' && (
              <>
                {' · '}
                <a href={hashOf('routes', name)}>all units of this route</a>
              </>
            )}
          </>
        }
        json={path}
        back={back}
      />
      <Figures
        facts={[
          { name: 'duration', value: durationText(durationMs) },
          ...(status === undefined ? [] : [{ name: 'status', value: status }]),
          { name: 'statements', value: countText(queries) },
          { name: 'rows', value: countText(rows) },
          { name: 'executing, in sum', value: durationText(timeMs.execute) },
          { name: 'waiting, in sum', value: durationText(timeMs.wait) },
        ]}
      />
      {findings.length > 0 && (
        <ul class="lines">
          {findings.map(({ kind: found, severity, title }) => (
            <li key={found + title}>
              <Mark state={severity} />
              <a href={hashOf('findings', undefined, { q: found })}>
                <span class="kind">{found}</span>
              </a>
              <span>{title}</span>
            </li>
          ))}
        </ul>
      )}
      <section aria-labelledby="waterfall">
        <h2 id="waterfall">Waterfall</h2>
        <Waterfall unit={unit} />
        {unit.omitted > 0 && (
          <p class="note">
            {counted(unit.omitted, 'more statement or load', 'more statements and loads')} not kept.
          </p>
        )}
      </section>
    </article>
  );
}
