import { rounded } from '../../record/rounded.js';
import type { MeasuredCost } from '../../analysis/finding.js';
import { parseStatement } from '../../sql/parse-statement.js';
import { byteText } from '../../statistics/byte-text.js';
import { counted, countText } from '../../statistics/count-text.js';
import { durationText } from '../../statistics/duration-text.js';
import { compareLoads } from './compare-loads.js';
import type { FormFigures, FormRun } from './form-run.js';
import type { Aim, LoadingTrial } from './loading-trial.js';
import type { Verification } from './verification.js';

/**
 * Slower by less than this takes nothing back: the clock of a busy machine is no judge, and a database that is near hides
 * what a statement costs over a network.
 */
const SLOWER_FACTOR = 2;
const SLOWER_MS = 20;
const ROUND_TRIP_MS = 0.5;
/** Not this much faster is no faster. */
const FASTER_FACTOR = 0.8;
/** More rows than this many times today's are no help, however few statements bring them. */
const MORE_ROWS_FACTOR = 3;
/** Rows and bytes that differ by less are not worth a word. */
const WORTH_NAMING = 1.5;

/** Whether the advised form took clearly longer, so that it should be run once more before that is believed. */
export function isClearlySlower(today: FormFigures, advised: FormFigures): boolean {
  const savedMs = ROUND_TRIP_MS * Math.max(0, today.statements - advised.statements);
  return advised.ms > today.ms * SLOWER_FACTOR + SLOWER_MS + savedMs;
}

/** What two runs on the same data prove. */
export function judgeTrial(trial: LoadingTrial, today: FormRun, advised: FormRun): Verification {
  const { fingerprint, dialect } = trial;
  if (parseStatement(today.firstStatement ?? '', dialect).fingerprint !== fingerprint)
    return untried('run again, the load sent another statement than it had');
  if (today.roots.length === 0 && !today.calls.some((call) => call.length > 0))
    return untried('run again, the load found nothing');
  const comparison = compareLoads(today, advised, trial);
  const figures = figuresText(today.figures, advised.figures);
  if (comparison.kind === 'different')
    return {
      kind: 'withdrawn',
      whyNot: `The usual advice was tried on the same data, and did not give the same entities: ${comparison.difference}.`,
    };
  const [before, after] = figures;
  if (!helps(trial.aim, today.figures, advised.figures))
    return {
      kind: 'withdrawn',
      whyNot: `The usual advice was tried on the same data, and did not help: ${before} today, ${after} with it.`,
    };
  const same = `same ${sameText(trial, comparison.entities)}`;
  const how = same + roundTripsText(today.figures, advised.figures);
  const measured = { before: measuredOf(today.figures), after: measuredOf(advised.figures) };
  return { kind: 'confirmed', verified: { rung: 'measured', before, after, how, measured } };
}

/** Why nothing was tried. */
export function untried(whyNot: string): Verification {
  return { kind: 'untried', whyNot };
}

/** Counts are no entities, though they are compared like some. */
function sameText({ today: { children } }: LoadingTrial, entities: number): string {
  const calls = children?.kind === 'calls' ? children.calls : [];
  switch (calls[0]?.kind) {
    case 'count':
      return counted(calls.length, 'count');
    case 'exists':
      return counted(calls.length, 'existence test');
    default:
      return counted(entities, 'entity', 'entities');
  }
}

function helps(aim: Aim, today: FormFigures, advised: FormFigures): boolean {
  if (isClearlySlower(today, advised) || advised.rows > MORE_ROWS_FACTOR * today.rows) return false;
  switch (aim) {
    case 'statements':
      return advised.statements < today.statements;
    case 'rows':
      return advised.rows < today.rows;
    case 'volume':
      return (
        advised.statements <= today.statements &&
        advised.rows <= today.rows &&
        (advised.values < today.values || advised.statements < today.statements)
      );
  }
}

/** What the time on this database does not show. */
function roundTripsText(today: FormFigures, advised: FormFigures): string {
  const saved = today.statements - advised.statements;
  if (saved <= 0 || advised.ms < today.ms * FASTER_FACTOR) return '';
  return `; no faster on this database, saves ${counted(saved, 'round trip')}`;
}

/** `51 statements, 38 ms` and `2 statements, 4 ms`; rows and bytes where they make a difference. */
function figuresText(today: FormFigures, advised: FormFigures): readonly [string, string] {
  const isNamed = (a = 0, b = 0): boolean => Math.max(a, b) > WORTH_NAMING * Math.min(a, b);
  const hasRows = isNamed(today.rows, advised.rows);
  const hasBytes = today.bytes !== undefined && isNamed(today.bytes, advised.bytes);
  const text = ({ statements, rows, bytes = 0, ms }: FormFigures): string =>
    [
      counted(statements, 'statement'),
      ...(hasRows ? [`${countText(rows)} ${rows === 1 ? 'row' : 'rows'}`] : []),
      ...(hasBytes ? [byteText(bytes)] : []),
      durationText(ms),
    ].join(', ');
  return [text(today), text(advised)];
}

function measuredOf({ statements, rows, bytes, ms }: FormFigures): MeasuredCost {
  const timeMs = rounded(ms);
  return { statements, rows, timeMs, ...(bytes === undefined ? {} : { bytes }) };
}
