import type { Report } from './report.js';
import { cachesSection } from './text/caches-section.js';
import { findingsSection } from './text/findings-section.js';
import { headLines } from './text/head-lines.js';
import { poolsSection } from './text/pools-section.js';
import { selfSection } from './text/self-section.js';
import { slowQueriesSection } from './text/slow-queries-section.js';
import type { Line, Span } from './text/span.js';
import { strategiesSection } from './text/strategies-section.js';
import { paint } from './text/style.js';
import { transactionsSection } from './text/transactions-section.js';
import type { TextOptions, TextSection } from './text/text-options.js';

const SECTIONS: readonly TextSection[] = [
  'findings',
  'loading-strategies',
  'slow-queries',
  'caches',
  'pools',
  'transactions',
  'self',
];
const DEFAULT_COLUMNS = 100;
const LEAST_COLUMNS = 40;
/** Prose wider than this is hard to read; tables and rules take the whole terminal. */
const PROSE_COLUMNS = 120;

/** The report for a terminal. No line is wider than `columns`, and no text of others can control the terminal. */
export function renderText(report: Report, options: TextOptions = {}): string {
  const { columns = DEFAULT_COLUMNS, color = false, sections = SECTIONS } = options;
  const width = Math.max(LEAST_COLUMNS, Math.floor(columns));
  const blocks = [
    headLines(report, width),
    ...sections.map((section) => sectionLines(report, section, width)),
  ];
  const text = blocks
    .map((block) =>
      block
        .map((line) => lineText(line, color))
        .join('\n')
        .trimEnd(),
    )
    .filter((block) => block !== '')
    .join('\n\n');
  return `${text}\n`;
}

function sectionLines(report: Report, section: TextSection, columns: number): readonly Line[] {
  const prose = Math.min(columns, PROSE_COLUMNS);
  switch (section) {
    case 'findings':
      return findingsSection(report, columns, prose);
    case 'loading-strategies':
      return strategiesSection(report, columns, prose);
    case 'slow-queries':
      return slowQueriesSection(report, columns, prose);
    case 'pools':
      return poolsSection(report, columns, prose);
    case 'caches':
      return cachesSection(report, columns, prose);
    case 'transactions':
      return transactionsSection(report, columns, prose);
    case 'self':
      return selfSection(report, prose);
  }
}

function lineText(line: Line, color: boolean): string {
  if (!color)
    return line
      .map(({ text }) => text)
      .join('')
      .trimEnd();
  return merged(line)
    .map(({ text, style }) => paint(text, style))
    .join('')
    .trimEnd();
}

/** Neighbours of one style as one: fewer escape sequences, and words that stay together. */
function merged(line: Line): Line {
  const spans: Span[] = [];
  for (const one of line) {
    const last = spans.at(-1);
    if (last !== undefined && last.style === one.style)
      spans[spans.length - 1] = { ...last, text: last.text + one.text };
    else spans.push(one);
  }
  return spans;
}
