import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { replaceQuery } from '../use-hash-route.js';
import { readHash } from '../hash-route.js';
import { found, sorted } from './arrange.js';
import { useVisibleRange } from './use-visible-range.js';

export interface Column<Row> {
  readonly name: string;
  readonly title: string;
  readonly cell: (row: Row) => ComponentChildren;
  /** What is sorted by; a column without is not sortable. */
  readonly value?: (row: Row) => number | string;
  /** A width as CSS grid knows it. @defaultValue what a figure needs */
  readonly width?: string;
  readonly isText?: boolean;
  /** The word after a figure where there is no head of the column: on narrow screens. */
  readonly after?: (row: Row) => string;
  /** Left out on narrow screens. */
  readonly isExtra?: boolean;
  /** Words that are never cut short. */
  readonly isWhole?: boolean;
}

export interface ListProps<Row> {
  /** What the rows are, for who hears the page. */
  readonly label: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  readonly hrefOf: (row: Row) => string;
  /** The words a row is found by. */
  readonly textOf: (row: Row) => string;
  readonly query: Readonly<Record<string, string>>;
  readonly empty: string;
}

const ROW = { wide: 41, narrow: 70 };
const FIGURE = 'minmax(4.4rem, 5rem)';
const NARROW = '(max-width: 760px)';

/** A long list that can be searched and sorted; both are in the address. Only rows near the window are in the document. */
export function List<Row>(props: ListProps<Row>) {
  const { label, columns, keyOf, hrefOf, textOf, query, empty } = props;
  const rows = useMemo(
    () => sorted(found(props.rows, query['q'] ?? '', textOf), columns, query['sort'] ?? ''),
    [props.rows, query['q'], query['sort']],
  );
  const rowHeight = useRowHeight();
  const body = useRef<HTMLTableSectionElement>(null);
  const { from, to } = useVisibleRange(body, rows.length, rowHeight);
  const template = columns.map(({ width = FIGURE }) => width).join(' ');
  const narrow = columns.slice(1).flatMap(narrowWidth).join(' ');
  return (
    <>
      <Search label={label} count={rows.length} total={props.rows.length} text={query['q'] ?? ''} />
      {rows.length === 0 ? (
        <p class="none">{props.rows.length === 0 ? empty : 'Nothing matches.'}</p>
      ) : (
        <table
          class="list"
          role="table"
          aria-label={label}
          aria-rowcount={rows.length + 1}
          style={{ '--columns': template, '--narrow': narrow }}
        >
          <thead role="rowgroup">
            <tr role="row" aria-rowindex={1}>
              {columns.map((column) => (
                <Head key={column.name} column={column} sort={query['sort'] ?? ''} />
              ))}
            </tr>
          </thead>
          <tbody
            role="rowgroup"
            ref={body}
            style={{
              height: `${String(rows.length * rowHeight)}px`,
              paddingTop: `${String(from * rowHeight)}px`,
            }}
          >
            {rows.slice(from, to).map((row, at) => (
              <tr key={keyOf(row)} role="row" aria-rowindex={from + at + 2}>
                {columns.map((column, index) => (
                  <td
                    key={column.name}
                    role="cell"
                    data-after={column.after?.(row)}
                    class={`${column.isText === true ? 'text' : ''} ${column.isExtra === true ? 'extra' : ''}`}
                  >
                    {index === 0 ? (
                      <a class="row-link" href={hrefOf(row)}>
                        {column.cell(row)}
                      </a>
                    ) : (
                      column.cell(row)
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}

/** On narrow screens the first column has a line of its own; below it words give way to figures. */
function narrowWidth<Row>({ isExtra, isText, isWhole }: Column<Row>): readonly string[] {
  if (isExtra === true) return [];
  return [isText === true && isWhole !== true ? 'minmax(0, max-content)' : 'max-content'];
}

interface SearchProps {
  readonly label: string;
  readonly count: number;
  readonly total: number;
  readonly text: string;
}

function Search({ label, count, total, text }: SearchProps) {
  if (total < 6 && text === '') return null;
  return (
    <div class="search" role="search">
      <input
        type="search"
        value={text}
        placeholder="Find"
        aria-label={`Find in ${label}`}
        onInput={({ currentTarget: { value } }) => {
          replaceQuery(readHash(location.hash), { q: value });
        }}
      />
      <kbd aria-hidden="true">/</kbd>
      <span class="muted" role="status">
        {text === '' ? String(total) : `${String(count)} of ${String(total)}`}
      </span>
    </div>
  );
}

function Head<Row>({ column, sort }: { readonly column: Column<Row>; readonly sort: string }) {
  const { name, title, value, isText, isExtra } = column;
  const direction = sort === name ? 'ascending' : sort === `-${name}` ? 'descending' : undefined;
  const kind = `${isText === true ? 'text' : ''} ${isExtra === true ? 'extra' : ''}`;
  if (value === undefined)
    return (
      <th role="columnheader" scope="col" class={kind}>
        {title}
      </th>
    );
  // Figures begin with the greatest, words with A; a third press gives the report's own order back.
  const [first, second] = isText === true ? [name, `-${name}`] : [`-${name}`, name];
  const next = sort === first ? second : sort === second ? '' : first;
  return (
    <th role="columnheader" scope="col" class={kind} aria-sort={direction}>
      <button
        type="button"
        onClick={() => {
          replaceQuery(readHash(location.hash), { sort: next });
        }}
      >
        {title}
        <span class="arrow" aria-hidden="true">
          {direction === 'ascending' ? '↑' : direction === 'descending' ? '↓' : ''}
        </span>
      </button>
    </th>
  );
}

function useRowHeight(): number {
  const [isNarrow, setIsNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const media = matchMedia(NARROW);
    const follow = (): void => {
      setIsNarrow(media.matches);
    };
    media.addEventListener('change', follow);
    return () => {
      media.removeEventListener('change', follow);
    };
  }, []);
  return isNarrow ? ROW.narrow : ROW.wide;
}
