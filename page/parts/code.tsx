import { useState } from 'preact/hooks';
import { codeLines } from '../../lib/report/text/code-lines.js';
import { statementLines } from '../../lib/report/text/statement-lines.js';
import type { Line } from '../../lib/report/text/span.js';
import { CopyButton } from './copy-button.js';

const SQL_COLUMNS = 96;
const CODE_COLUMNS = 92;

interface CodeProps {
  readonly code: string;
  readonly what?: string;
  /** What is longer is shown in part, with a button for the rest. @defaultValue all of it */
  readonly maxLines?: number;
}

/** TypeScript to paste. The clipboard gets all of it, whatever is shown. */
export function Code({ code, what = 'the code', maxLines = Infinity }: CodeProps) {
  const [isWhole, setIsWhole] = useState(false);
  const lines = codeLines(code, CODE_COLUMNS).map((line) => line.map((span) => span.text).join(''));
  // A button in the place of two lines would hide more than it spares.
  const isCut = !isWhole && lines.length > maxLines + 2;
  return (
    <figure class="code">
      <pre>
        <code>{(isCut ? lines.slice(0, maxLines) : lines).join('\n')}</code>
      </pre>
      {isCut && (
        <button
          type="button"
          class="more"
          onClick={() => {
            setIsWhole(true);
          }}
        >
          Show all {lines.length} lines
        </button>
      )}
      <CopyButton text={code} what={what} />
    </figure>
  );
}

/** A statement, a line for each clause; long select lists are cut short on the screen and whole in the clipboard. */
export function Sql({ text }: { readonly text: string }) {
  return (
    <figure class="code sql">
      <pre>
        <code>
          {statementLines(text, SQL_COLUMNS).map((line, at) => (
            <SqlLine key={at} line={line} />
          ))}
        </code>
      </pre>
      <CopyButton text={text} what="the statement" />
    </figure>
  );
}

function SqlLine({ line }: { readonly line: Line }) {
  return (
    <>
      {line.map(({ text, style }, at) =>
        style === undefined ? (
          text
        ) : (
          <span key={at} class={`s-${style}`}>
            {text}
          </span>
        ),
      )}
      {'\n'}
    </>
  );
}
