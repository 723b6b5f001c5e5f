// `node scripts/totals.mjs tests.json check.json`: sums what Jest and `npm run check` wrote into the last line of a CI run.
// A file that is missing or a suite that could not be loaded is a failure: silence is not success.
import { readFileSync } from 'node:fs';

const parts = process.argv.slice(2).map(countsIn);
const passed = parts.reduce((sum, part) => sum + part.passed, 0);
const failed = parts.reduce((sum, part) => sum + part.failed, 0);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

function countsIn(file) {
  try {
    const results = JSON.parse(readFileSync(file, 'utf8'));
    if (!('numPassedTests' in results)) return results;
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = results;
    return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
  } catch (error) {
    console.error(`${file}: ${error.message}`);
    return { passed: 0, failed: 1 };
  }
}
