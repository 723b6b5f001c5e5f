import { describe, expect, it } from '@jest/globals';
import { EMBEDDED_REPORT, renderPage } from '../../../lib/report/page/render-page.js';
import { emptyReport } from './sample-report.js';

const assets = { script: 'run()', style: 'a{}' };

describe('the page as a document', () => {
  it('carries its script and style under the nonce', () => {
    const html = renderPage({ nonce: 'abc', assets });
    expect(html).toContain('<script nonce="abc">run()</script>');
    expect(html).toContain('<style nonce="abc">a{}</style>');
    expect(html).not.toContain('http-equiv');
    expect(html).not.toContain(EMBEDDED_REPORT);
  });

  it('says that it has not been built, instead of staying white', () => {
    expect(renderPage({ nonce: 'abc', assets: { script: '', style: '' } })).toContain('npm run build');
  });

  it('embeds a report that cannot end its element, and a policy that asks nobody', () => {
    const report = emptyReport();
    const hostile = '</script><script>alert(1)</script><!--';
    const html = renderPage({
      nonce: 'abc',
      assets,
      report: { ...report, instance: { ...report.instance, id: hostile } },
    });
    expect(html).not.toContain(hostile);
    const [, json = ''] = /id="query-lens-report" nonce="abc">(.*)<\/script>/.exec(html) ?? [];
    expect(JSON.parse(json)).toMatchObject({ instance: { id: hostile } });
    expect(html).toContain("connect-src 'none'");
  });
});
