import { useState } from 'preact/hooks';
import { counted } from '../../lib/statistics/count-text.js';
import { durationText } from '../../lib/statistics/duration-text.js';
import type { UnitStatement, UnitView } from '../../lib/unit-view.js';
import { hashOf } from '../hash-route.js';
import { Sql } from './code.js';
import { endOf, lanesOf, ticksOf, type Bar, type Lane } from './lanes.js';

const NAMES: Readonly<Record<Bar['kind'], string>> = {
  wait: 'waiting',
  execute: 'executing',
  hydrate: 'making entities',
  cache: 'cache',
};

/** Statements, waits and hydration of a unit of work on one time line. A press on a line opens its statement. */
export function Waterfall({ unit }: { readonly unit: UnitView }) {
  const [open, setOpen] = useState<string>();
  const lanes = lanesOf(unit);
  const endMs = endOf(lanes, unit.durationMs);
  const kinds = [...new Set(lanes.flatMap(({ bars }) => bars.map(({ kind }) => kind)))];
  return (
    <div class="waterfall">
      <p class="legend">
        {kinds.map((kind) => (
          <span key={kind} class={`key ${kind}`}>
            {NAMES[kind]}
          </span>
        ))}
      </p>
      <div class="axis" aria-hidden="true">
        {ticksOf(endMs).map((ms) => (
          <span key={ms} class={ms > 0.9 * endMs ? 'late' : undefined} style={{ left: percent(ms, endMs) }}>
            {durationText(ms)}
          </span>
        ))}
      </div>
      <ol>
        {lanes.map((lane) => (
          <LaneLine
            key={lane.key}
            lane={lane}
            endMs={endMs}
            responseMs={unit.durationMs}
            isOpen={open === lane.key}
            toggle={() => {
              setOpen(open === lane.key ? undefined : lane.key);
            }}
          />
        ))}
      </ol>
    </div>
  );
}

interface LaneLineProps {
  readonly lane: Lane;
  readonly endMs: number;
  readonly responseMs: number;
  readonly isOpen: boolean;
  readonly toggle: () => void;
}

function LaneLine({ lane, endMs, isOpen, toggle }: LaneLineProps) {
  const { name, place, count, bars, hasFailed, statements, startMs } = lane;
  const sum = bars.reduce((total, { durationMs }) => total + durationMs, 0);
  const [statement] = statements;
  return (
    <li class={hasFailed ? 'failed' : undefined}>
      <button
        type="button"
        class="lane"
        aria-expanded={statement === undefined ? undefined : isOpen}
        disabled={statement === undefined}
        onClick={toggle}
      >
        <span class="what">
          <span class="name">
            {name}
            {count > 1 && <span class="times"> ×{count}</span>}
          </span>
          {place !== undefined && <span class="place">{place}</span>}
        </span>
        <span class="track">
          {bars.map((bar, at) => (
            <span
              key={at}
              class={`bar ${bar.kind}`}
              style={{ left: percent(bar.startMs, endMs), width: percent(bar.durationMs, endMs) }}
            />
          ))}
        </span>
        <span class="took">
          {durationText(sum)}
          <span class="heard"> from {durationText(startMs)}</span>
        </span>
      </button>
      {isOpen && statement !== undefined && <StatementDetail statement={statement} statements={statements} />}
    </li>
  );
}

interface StatementDetailProps {
  readonly statement: UnitStatement;
  readonly statements: readonly UnitStatement[];
}

function StatementDetail({ statement, statements }: StatementDetailProps) {
  const { fingerprint, dataSource, error, transaction, fieldPath, callSite, rows } = statement;
  const total = statements.reduce((sum, one) => sum + (one.rows ?? 0), 0);
  const facts = [
    counted(statements.length, 'statement'),
    counted(statements.length > 1 ? total : (rows ?? 0), 'row'),
    `data source ${dataSource}`,
    ...(transaction === undefined ? [] : [`transaction ${String(transaction)}`]),
    ...(fieldPath === undefined ? [] : [`GraphQL field ${fieldPath}`]),
    ...(callSite === undefined ? [] : [`${callSite.file}:${String(callSite.line)} in ${callSite.function}`]),
    ...(error === undefined ? [] : [`failed: ${error}`]),
  ];
  return (
    <div class="detail">
      <Sql text={statement.statement} />
      <p class="muted">
        {facts.join(' · ')} · <a href={hashOf('slow-queries', fingerprint)}>its figures</a>
      </p>
    </div>
  );
}

function percent(ms: number, endMs: number): string {
  return `${((100 * ms) / endMs).toFixed(3)}%`;
}
