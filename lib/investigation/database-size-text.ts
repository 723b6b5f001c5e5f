/** `8 kB`, `1.5 MB`, `2.3 GB`: as databases count, 1 kB being 1,024 bytes. */
export function databaseSizeText(bytes: number): string {
  const kilobytes = bytes / 1_024;
  if (kilobytes < 1_000) return `${Math.max(1, Math.round(kilobytes))} kB`;
  const megabytes = kilobytes / 1_024;
  return megabytes < 1_000 ? `${decimal(megabytes)} MB` : `${decimal(megabytes / 1_024)} GB`;
}

function decimal(value: number): string {
  return value < 10 ? (Math.round(value * 10) / 10).toString() : Math.round(value).toString();
}
