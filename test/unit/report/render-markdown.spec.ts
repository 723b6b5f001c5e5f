import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readFileSync, writeFileSync } from 'node:fs';
import { codeBlock, inlineCode, markdownTable, plain } from '../../../lib/report/markdown/markdown-text.js';
import { renderMarkdown } from '../../../lib/report/render-markdown.js';
import { emptyReport, sampleReport } from './sample-report.js';

/** `UPDATE_GOLDEN=1` writes it anew: read the difference. */
function expectGolden(name: string, text: string): void {
  const file = new URL(`golden/${name}`, import.meta.url);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
}

describe('the report as Markdown', () => {
  it('says what was found, where, and what to change', () => {
    expectGolden('sample-markdown.txt', renderMarkdown(sampleReport()));
  });

  it('says that nothing was found', () => {
    const text = renderMarkdown(emptyReport());
    expect(text).toContain('## Findings: none');
    expect(text).toContain('## Slow queries: none');
    expect(text).not.toContain('Loading strategies');
  });

  it('keeps the code of others inside of its fence', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('`', '```', '\n', 'SELECT', '# ', ' '), { maxLength: 20 }),
        (parts) => {
          const [open = '', ...rest] = codeBlock('sql', parts.join(''));
          const fence = open.replace('sql', '');
          expect(rest.pop()).toBe(fence);
          for (const line of rest) expect(line.includes(fence)).toBe(false);
        },
      ),
    );
  });

  it('keeps names of others inside of their code span', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', 'a', '|', '\n', ' ', '<') }), (name) => {
        const code = inlineCode(name);
        if (name.trim() === '') expect(code).toBe('');
        else {
          const [fence = ''] = /^`+/.exec(code) ?? [];
          const inner = code.slice(fence.length, -fence.length);
          expect(code.endsWith(fence)).toBe(true);
          expect(inner.match(/`+/g) ?? []).not.toContain(fence);
          expect(code).not.toContain('\n');
        }
      }),
    );
  });

  it('leaves no markup in the text of others', () => {
    expect(plain('<img src=x onerror=alert(1)> [a](b) *b* `c` | snake_case _x_\n# d')).toBe(
      '\\<img src=x onerror=alert(1)\\> \\[a\\](b) \\*b\\* \\`c\\` \\| snake_case \\_x\\_ # d',
    );
  });

  it('keeps a table a table', () => {
    const [, , row] = markdownTable(['a', 'b'], [[inlineCode('x | y'), plain('p | q')]], () => false);
    expect(row).toBe('| `x \\| y` | p \\| q |');
  });
});
