import { Character, characterClass } from './character.js';

/** Operators of more than one character. PostgreSQL's own rule (the longest run) would swallow `?` and `-1`. */
const LONG_OPERATORS: ReadonlySet<string> = new Set(
  (
    '->> #>> <=> !~* !~~ ~~* <-> <#> ' +
    '<= >= <> != == || && << >> -> #> #- :: := @> <@ @@ @? ?| ?& ~* !~ ~~ ^@ ** !< !>'
  ).split(' '),
);

/** The end of the operator that begins at `at`. */
export function endOfOperator(sql: string, at: number): number {
  if (characterClass(sql.charCodeAt(at + 1)) !== Character.Operator) return at + 1;
  const three = sql.slice(at, at + 3);
  if (three.length === 3 && LONG_OPERATORS.has(three)) return at + 3;
  return LONG_OPERATORS.has(sql.slice(at, at + 2)) ? at + 2 : at + 1;
}
