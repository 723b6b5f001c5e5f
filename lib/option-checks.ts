import { QueryLensError } from './errors.js';

/** `given` over `defaults`, where an explicit `undefined` means "not set". */
export function filled<T extends object>(section: string, defaults: T, given: Partial<T>): T {
  refuseUnless('an object', section, given, (value) => typeof value === 'object' && value !== null);
  if (section !== '') refuseUnknown(`${section}.`, given, Object.keys(defaults));
  const set = Object.entries(given).filter(([, value]) => value !== undefined);
  return { ...defaults, ...(Object.fromEntries(set) as Partial<T>) };
}

/** @throws QueryLensError QL001 for a name that is not known */
export function refuseUnknown(prefix: string, given: object, known: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (!known.includes(name))
      throw new QueryLensError('QL001', { option: prefix + name, known: known.join(', ') });
  }
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
  return ['number', 'undefined', 'function', 'symbol', 'bigint'].includes(typeof value)
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
export const isListOfNames = (value: unknown) =>
  Array.isArray(value) && value.every((name) => typeof name === 'string');
