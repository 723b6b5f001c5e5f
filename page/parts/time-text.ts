const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `14:03:27` in the reader's own time zone; of another day than the reader's `26 Feb 14:03`. */
export function clockText(iso: string, now = new Date()): string {
  const date = new Date(iso);
  const two = (value: number): string => String(value).padStart(2, '0');
  const minute = `${two(date.getHours())}:${two(date.getMinutes())}`;
  return date.toDateString() === now.toDateString()
    ? `${minute}:${two(date.getSeconds())}`
    : `${String(date.getDate())} ${MONTHS[date.getMonth()] ?? ''} ${minute}`;
}

/** How long a window of time is: `12 s`, `5 min`, `3 h`, `4 days`. */
export function spanText(from: string, to: string): string {
  const seconds = Math.max(0, (Date.parse(to) - Date.parse(from)) / 1_000);
  if (seconds < 90) return `${String(Math.round(seconds))} s`;
  if (seconds < 5_400) return `${String(Math.round(seconds / 60))} min`;
  if (seconds < 129_600) return `${String(Math.round(seconds / 3_600))} h`;
  return `${String(Math.round(seconds / 86_400))} days`;
}
