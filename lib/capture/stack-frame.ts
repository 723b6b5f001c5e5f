import { fileURLToPath } from 'node:url';

/** One line of a stack, read. */
export interface StackFrame {
  /** Absolute path, or a URL that is not of a file. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Undefined for a function without a name. */
  readonly function: string | undefined;
  /** The class whose instance a function without a name was called on: `AuthorsService.<anonymous>`. */
  readonly owner?: string;
}

const PLACE = /^(.*):(\d+):(\d+)$/;

/** `at async AuthorsService.list (file:///app/authors.service.js:42:7)`; undefined for lines without a place. */
export function readFrame(text: string): StackFrame | undefined {
  const line = text.trim();
  if (!line.startsWith('at ')) return undefined;
  const { name, place } = split(line.slice(3));
  const match = PLACE.exec(place);
  if (match === null) return undefined;
  const [, file = '', lineNumber, column] = match;
  return {
    file: pathOf(file),
    line: Number(lineNumber),
    column: Number(column),
    function: functionName(name),
    ...ownerOf(name),
  };
}

function split(text: string): { name: string; place: string } {
  const open = text.endsWith(')') ? text.lastIndexOf(' (') : -1;
  if (open === -1) return { name: '', place: text.replace(/^async /, '') };
  return { name: text.slice(0, open), place: text.slice(open + 2, -1) };
}

/** A file URL as a path; anything else as it is. */
export function pathOf(file: string): string {
  if (!file.startsWith('file://')) return file;
  try {
    return fileURLToPath(file);
  } catch {
    return file;
  }
}

function functionName(text: string): string | undefined {
  const name = text
    .replace(/^async /, '')
    .replace(/^new /, '')
    .replace(/ \[as [^\]]*\]$/, '')
    .replace(/^(?:Object|Function)\./, '');
  return name === '' || name.endsWith('<anonymous>') || name === 'eval' ? undefined : name;
}

const OWNER = /^(?!Object\.|Function\.|Generator\.|Promise\.)[\p{Lu}_$][\p{L}\p{N}_$]*\.<anonymous>$/u;

function ownerOf(name: string): Pick<StackFrame, 'owner'> {
  return OWNER.test(name) ? { owner: name } : {};
}
