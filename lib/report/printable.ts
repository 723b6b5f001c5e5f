const CONTROLS = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/**
 * Text of others (statements, routes, names) made safe for a terminal or a log line: white space becomes one space, and
 * whatever could move the cursor, colour, reorder or hide text becomes `\ufffd`.
 */
export function printable(text: string): string {
  return withoutControls(text.replace(/\s+/gu, ' '));
}

/** The same, with spaces left as they are. */
export function withoutControls(text: string): string {
  return text.replace(CONTROLS, '\ufffd');
}
