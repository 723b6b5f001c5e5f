import { displayWidth } from './display-width.js';
import { fold } from './fold.js';
import { type Line, span } from './span.js';

/** A call with one object of options: `repository.find({ ... })`. */
const CALL = /^(.*\(\{) (.*) (\}\)[;,]?)$/u;

/** Code as it was written, its own indentation kept. A call too wide gets a line for each option, the rest is folded. */
export function codeLines(code: string, width: number): readonly Line[] {
  return code
    .split(/\r?\n/u)
    .map((text) => text.replace(/\t/gu, '  ').trimEnd())
    .flatMap((line) => (displayWidth(line) <= width ? [line] : optionLines(line)))
    .flatMap((line) => {
      const indent = ' '.repeat(Math.min(line.search(/\S|$/u) + 2, Math.floor(width / 2)));
      return fold([span(line, 'code')], width, [span(indent)]);
    });
}

function optionLines(line: string): readonly string[] {
  const [, head, options, tail] = CALL.exec(line) ?? [];
  if (head === undefined || options === undefined || tail === undefined) return [line];
  const indent = ' '.repeat(line.search(/\S|$/u));
  return [head, ...split(options).map((option) => `${indent}  ${option},`), `${indent}${tail}`];
}

/** At commas that are not inside brackets. */
function split(options: string): readonly string[] {
  const parts = [''];
  let depth = 0;
  for (const character of options) {
    depth += '{[('.includes(character) ? 1 : '}])'.includes(character) ? -1 : 0;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] = `${parts.at(-1) ?? ''}${character}`;
  }
  return parts.map((part) => part.trim());
}
