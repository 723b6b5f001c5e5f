import { codeLines } from '../../lib/report/text/code-lines.js';
import { statementLines } from '../../lib/report/text/statement-lines.js';
import type { Line } from '../../lib/report/text/span.js';
import { CopyButton } from './copy-button.js';

const SQL_COLUMNS = 96;
const CODE_COLUMNS = 92;

/** TypeScript to paste. */
export function Code({ code, what = 'the code' }: { readonly code: string; readonly what?: string }) {
  const lines = codeLines(code, CODE_COLUMNS);
  const text = lines.map((line) => line.map((span) => span.text).join('')).join('\n');
  return (
    <figure class="code">
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
      <CopyButton text={code} what={what} />
    </figure>
  );
}

/** A statement, a line for each clause; long select lists are cut short on the screen and whole in the clipboard. */
export function Sql({ text }: { readonly text: string }) {
  return (
    <figure class="code sql">
      <pre tabIndex={0}>
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
