// Draws what `npm run demo` printed as a picture of a terminal, for the README:
//   npm run demo -- --exit --json .demo/report.json
//   node scripts/demo-picture.mjs .demo/report.json docs/images/findings.svg findings 70
//   node scripts/demo-picture.mjs .demo/report.json docs/images/loading-strategies.svg loading-strategies
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { renderText } from '../dist/esm/index.js';

const [reportFile, pictureFile, section, maxLines = '200'] = process.argv.slice(2);
if (section === undefined) {
  console.error('usage: node scripts/demo-picture.mjs REPORT.json PICTURE.svg SECTION [MAX-LINES]');
  process.exit(1);
}

const COLUMNS = 110;
const FONT = { size: 14, width: 8.43, height: 19 };
const MARGIN = 20;
const BAR = 32;
/** By the codes of lib/report/text/style.ts; the colours are GitHub's dark palette. */
const CLASSES = {
  1: 'strong',
  2: 'faint',
  '1;31': 'error',
  '1;33': 'warning',
  '1;34': 'info',
  32: 'good',
  36: 'code',
  34: 'keyword',
};

const report = JSON.parse(readFileSync(reportFile, 'utf8'));
const lines = renderText(report, { columns: COLUMNS, color: true, sections: [section] })
  .trim()
  .split('\n');
mkdirSync(dirname(pictureFile), { recursive: true });
writeFileSync(pictureFile, picture(['$ npm run demo', '', ...cut(lines, Number(maxLines))]));

function cut(all, most) {
  if (all.length <= most) return all;
  const end = all.lastIndexOf('', most);
  return [...all.slice(0, end === -1 ? most : end), '', '...'];
}

function picture(rows) {
  const width = Math.ceil(COLUMNS * FONT.width) + 2 * MARGIN;
  const height = rows.length * FONT.height + BAR + 2 * MARGIN;
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (fill, at) => `<circle cx="${MARGIN + at * 20}" cy="16" r="6" fill="${fill}"/>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="The report that npm run demo prints in the terminal">
<style>
text{font:${FONT.size}px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#e6edf3;white-space:pre}
.strong{font-weight:700}.faint{fill:#8b949e}.error{fill:#ff7b72;font-weight:700}.warning{fill:#e3b341;font-weight:700}
.info,.keyword{fill:#79c0ff}.good{fill:#56d364}.code{fill:#39c5cf}
</style>
<rect width="${width}" height="${height}" rx="10" fill="#0d1117"/>
${dots.join('')}
${rows.map((row, at) => `<text x="${MARGIN}" y="${BAR + MARGIN + at * FONT.height}" xml:space="preserve">${spans(row)}</text>`).join('\n')}
</svg>
`;
}

/** Every run of one style as a tspan at its own column, so that a font of another width keeps the table straight. */
function spans(row) {
  const parts = row.split(/\u001b\[([\d;]*)m/);
  let column = 0;
  return parts
    .map((part, at) => {
      if (at % 2 === 1 || part === '') return '';
      const style = CLASSES[parts[at - 1]];
      const x = (MARGIN + column * FONT.width).toFixed(1);
      column += [...part].length;
      return `<tspan x="${x}"${style === undefined ? '' : ` class="${style}"`}>${escape(part)}</tspan>`;
    })
    .join('');
}

function escape(part) {
  return part.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
