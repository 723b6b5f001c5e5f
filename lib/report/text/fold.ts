import { displayWidth } from './display-width.js';
import { type Line, type Span, widthOf } from './span.js';

/** What stands between two places where a line may break: a word, in one or several styles, or the space before one. */
interface Atom {
  readonly isSpace: boolean;
  readonly spans: Span[];
}

/** Lines of at most `width` columns, broken at spaces; all but the first begin with `indent`. A word too long is cut. */
export function fold(line: Line, width: number, indent: Line = []): Line[] {
  const folded = new FoldedLines(width, indent);
  let space: Line = [];
  for (const { isSpace, spans } of atoms(line)) {
    if (isSpace) {
      space = spans;
      continue;
    }
    folded.place(space, spans);
    space = [];
  }
  return folded.lines;
}

class FoldedLines {
  readonly lines: Span[][] = [[]];
  private used = 0;

  constructor(
    private readonly width: number,
    private readonly indent: Line,
  ) {}

  place(space: Line, word: Line): void {
    if (this.used + widthOf(space) + widthOf(word) <= this.width) {
      this.push([...space, ...word]);
      return;
    }
    if (this.used > widthOf(this.indent)) this.breakLine();
    else this.push(space);
    if (this.used + widthOf(word) <= this.width) this.push(word);
    else for (const character of characters(word)) this.pushCharacter(character);
  }

  private pushCharacter(character: Span): void {
    if (this.used + displayWidth(character.text) > this.width) this.breakLine();
    this.push([character]);
  }

  private push(spans: Line): void {
    this.lines.at(-1)?.push(...spans);
    this.used += widthOf(spans);
  }

  private breakLine(): void {
    this.lines.push([...this.indent]);
    this.used = widthOf(this.indent);
  }
}

/** Neighbours without a space between them are one word, whatever their styles. */
function atoms(line: Line): readonly Atom[] {
  const all: Atom[] = [];
  for (const { text, ...style } of line) {
    for (const part of text.match(/\s+|\S+/gu) ?? []) {
      const isSpace = part.trim() === '';
      const last = all.at(-1);
      if (last?.isSpace === isSpace) last.spans.push({ text: part, ...style });
      else all.push({ isSpace, spans: [{ text: part, ...style }] });
    }
  }
  return all;
}

function characters(word: Line): readonly Span[] {
  return word.flatMap(({ text, ...style }) =>
    Array.from(text, (character) => ({ text: character, ...style })),
  );
}
