/** What a character can begin. One class for each ASCII character; all above are letters. */
export const Character = {
  Other: 0,
  Space: 1,
  Letter: 2,
  Digit: 3,
  Quote: 4,
  Punctuation: 5,
  Operator: 6,
} as const;

const CLASSES = new Uint8Array(128);

function assign(characters: string, value: number): void {
  for (let i = 0; i < characters.length; i++) CLASSES[characters.charCodeAt(i)] = value;
}

assign(' \t\n\r\f\v', Character.Space);
assign('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_', Character.Letter);
assign('0123456789', Character.Digit);
assign('\'"`', Character.Quote);
assign('()[],.;', Character.Punctuation);
assign('+-*/<>=~!@#%^&|?:$', Character.Operator);

/** The class of a UTF-16 code unit; NaN (the end of the text) is `Other`. */
export function characterClass(code: number): number {
  if (code < 128) return CLASSES[code] ?? Character.Other;
  if (code === 0xa0 || code === 0xfeff) return Character.Space;
  return code > 0 ? Character.Letter : Character.Other;
}

/** 0 to 9 */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Letter, digit, underscore, dollar or anything above ASCII. */
export function isWordPart(code: number): boolean {
  const value = characterClass(code);
  return value === Character.Letter || value === Character.Digit || code === 36;
}
