import type { EntityGraph, EntityGraphEdge, ReadVerdict } from '../../lib/report/entity-graph.js';
import { copiesText } from '../../lib/report/change-text.js';
import { counted, countText } from '../../lib/statistics/count-text.js';
import { durationText } from '../../lib/statistics/duration-text.js';
import { VerdictBadge } from './badges.js';

const READ: Readonly<Record<ReadVerdict, string>> = {
  read: 'read by code',
  'sent-only': 'only sent to the client',
  copied: 'copied as a whole',
  unread: 'never read',
  unknown: '',
};

/** The entities of one route as they were loaded, each relation below the class it was loaded from. */
export function EntityTree({ graph }: { readonly graph: EntityGraph }) {
  return (
    <ul class="tree">
      {graph.roots.map(({ entity, below }, at) => (
        <li key={at}>
          <span class="node root">
            <span class="entity">{entity ?? 'class not known'}</span>
          </span>
          <Below edges={below} />
        </li>
      ))}
    </ul>
  );
}

function Below({ edges }: { readonly edges: readonly EntityGraphEdge[] }) {
  if (edges.length === 0) return null;
  return (
    <ul>
      {edges.map((edge, at) => (
        <li key={at}>
          <Edge edge={edge} />
          <Below edges={edge.below} />
        </li>
      ))}
    </ul>
  );
}

function Edge({ edge: { row, readState } }: { readonly edge: EntityGraphEdge }) {
  const { relation, property, target, isToMany, strategy, isCount, loads, rows, timeMs, verdict } = row;
  const { idStatements = 0 } = row;
  const copies = copiesText(row);
  const statements = row.statements === 0 ? 'with its parents' : counted(row.statements, 'statement');
  return (
    <span class={`node ${verdict.choice === 'keep' ? 'kept' : 'to-change'}`}>
      <span class="property">{property ?? relation}</span>
      {target !== undefined && (
        <span class="entity">
          {target}
          {isToMany === true ? '[]' : ''}
        </span>
      )}
      <span class="badge plain">{isCount === true ? 'count' : strategy}</span>
      <VerdictBadge choice={verdict.choice} />
      <span class="muted">
        {[
          counted(loads, 'load'),
          statements,
          idStatements === 0 ? '' : `${countText(idStatements)} for ids only`,
          counted(rows, 'row'),
          copies === '' ? '' : `each child ${copies}`,
          durationText(timeMs.execute),
          READ[readState],
        ]
          .filter((text) => text !== '')
          .join(' · ')}
      </span>
    </span>
  );
}
