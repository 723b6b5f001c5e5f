import { QueryLensError } from './errors.js';

/** `given` over `defaults`, where an explicit `undefined` means "not set". */
export function filled<T extends object>(section: string, defaults: T, given: Partial<T>): T {
  refuseUnless('an object', section, given, isObject);
  if (section !== '') refuseUnknown(`${section}.`, given, Object.keys(defaults));
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...(Object.fromEntries(set) as Partial<T>) };
}

/** @throws QueryLensError QL001 for a name that is not known */
export function refuseUnknown(prefix: string, given: object, known: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (!known.includes(name))
      throw new QueryLensError('QL001', {
        option: prefix + name,
        known: known.join(', '),
        hint: hintFor(name, known),
      });
  }
}

/** More than a word in three is another word. */
const MAX_TYPOS_SHARE = 1 / 3;

function hintFor(name: string, known: readonly string[]): string {
  if (name === 'admin') return ', move it beside useFactory: forRootAsync({ admin: { ... }, useFactory }),';
  const [nearest] = known
    .map((other) => ({ other, typos: typosBetween(name.toLowerCase(), other.toLowerCase()) }))
    .sort((a, b) => a.typos - b.typos);
  const isNear = nearest !== undefined && nearest.typos <= nearest.other.length * MAX_TYPOS_SHARE;
  return isNear ? ` (did you mean "${nearest.other}"?)` : '';
}

/** Letters to add, to leave out or to replace: Levenshtein's distance. */
function typosBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [at, letter] of Array.from(one).entries()) {
    const next = [at + 1];
    for (const [index, expected] of Array.from(other).entries())
      next.push(
        Math.min(
          (row[index + 1] ?? 0) + 1,
          (next[index] ?? 0) + 1,
          (row[index] ?? 0) + (letter === expected ? 0 : 1),
        ),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** @throws QueryLensError QL002 for a value that cannot be */
export function refuseUnless(
  expected: string,
  option: string,
  value: unknown,
  isFine: (value: unknown) => boolean,
): void {
  if (value !== undefined && !isFine(value))
    throw new QueryLensError('QL002', { option, value: shown(value), expected });
}

/** A value as an error message shows it. */
export function shown(value: unknown): string {
  if (typeof value === 'function') return `the function ${value.name || 'without a name'}`;
  return ['number', 'undefined', 'symbol', 'bigint'].includes(typeof value)
    ? String(value)
    : JSON.stringify(value);
}

export const isTrackReads = (value: unknown) => value === 'off' || value === 'sampled' || value === 'all';
export const isInvestigateMode = (value: unknown) =>
  value === 'background' || value === 'on-request' || value === 'off';
export const isBoolean = (value: unknown) => typeof value === 'boolean';
export const isFigure = (value: unknown) => typeof value === 'number' && Number.isFinite(value) && value >= 0;
export const isShare = (value: unknown) => isFigure(value) && (value as number) <= 1;
export const isDate = (value: unknown) => typeof value === 'string' && !Number.isNaN(Date.parse(value));
export const isCount = (value: unknown) => isFigure(value) && Number.isInteger(value);
export const isObject = (value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
export const isText = (value: unknown): value is string => typeof value === 'string';
export const isListOfNames = (value: unknown) =>
  Array.isArray(value) && value.every((name) => typeof name === 'string');
