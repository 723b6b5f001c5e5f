import { QueryLensError } from './errors.js';

/**
 * Whether every data source that the options name is there.
 *
 * @throws QueryLensError QL003
 */
export function checkDataSourceNames(wanted: readonly string[] | undefined, known: readonly string[]): void {
  for (const name of wanted ?? []) {
    if (known.includes(name)) continue;
    const names = known.map((other) => `"${other}"`).join(', ') || 'none';
    throw new QueryLensError('QL003', { name, known: names });
  }
}
