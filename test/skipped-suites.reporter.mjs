/** Says at the end of a run, by name, which suites were skipped for want of a database or a browser, and why. */
export default class SkippedSuitesReporter {
  onRunComplete(_contexts, { testResults }) {
    const skipped = new Map();
    for (const { testFilePath, testResults: tests } of testResults) {
      for (const { status, ancestorTitles } of tests) {
        const title = ancestorTitles.find((name) => /^on \S+ \(/.test(name));
        if (status !== 'pending' || !title) continue;
        const suite = `${testFilePath.replace(`${process.cwd()}/`, '')} ${title}`;
        skipped.set(suite, (skipped.get(suite) ?? 0) + 1);
      }
    }
    if (skipped.size === 0) return;
    console.error('\nSkipped, because what they need is not here:');
    for (const [suite, count] of skipped) console.error(`  ${suite}: ${count} tests`);
  }
}
