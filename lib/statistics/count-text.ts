/** A whole number with its thousands apart: `1,240`. Independent of the locale, so that reports compare. */
export function countText(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 statement`, `1,240 statements`. */
export function counted(value: number, singular: string, plural = `${singular}s`): string {
  return `${countText(value)} ${Math.round(value) === 1 ? singular : plural}`;
}
