import { expect, it } from '@jest/globals';
import { TrialRefused } from '../../../lib/investigation/explainer.js';
import { indexText } from '../../../lib/investigation/index-definition.js';
import { workloadIndexes } from '../../../lib/investigation/workload.js';
import { examined, index, tabledExplainer, type Costs } from './tabled-explainer.js';

const a = index(['a']);
const b = index(['b']);
const ab = index(['a', 'b']);

it('takes one index that serves two statements before two that serve one each', async () => {
  const costs: Costs = {
    one: { '': 1_000, 't (a)': 10, 't (a, b)': 11 },
    two: { '': 1_000, 't (a)': 400, 't (a, b)': 8 },
  };
  const { indexes } = await workloadIndexes(tabledExplainer(costs), [
    examined(costs, 'one', [a]),
    examined(costs, 'two', [ab]),
  ]);
  expect(indexes.map((found) => indexText(found.index))).toEqual(['t (a, b)']);
  expect(indexes[0]?.served.map(({ suspect, before, after }) => [suspect.key, before, after])).toEqual([
    ['two', 1_000, 8],
    ['one', 1_000, 11],
  ]);
});

it('drops an index that is the beginning of another one, chosen first because its statement takes most time', async () => {
  const costs: Costs = {
    one: { '': 1_000, 't (a)': 10, 't (a, b)': 10.5 },
    two: { '': 1_000, 't (a)': 40, 't (a, b)': 8 },
  };
  const { indexes } = await workloadIndexes(tabledExplainer(costs), [
    examined(costs, 'one', [a], 1_000_000),
    examined(costs, 'two', [ab], 10),
  ]);
  expect(indexes.map((found) => indexText(found.index))).toEqual(['t (a, b)']);
  expect(indexes[0]?.served).toHaveLength(2);
});

it('keeps the beginning where it is much cheaper to search', async () => {
  const costs: Costs = {
    one: { '': 1_000, 't (a)': 10, 't (a, b)': 30 },
    two: { '': 1_000, 't (a)': 400, 't (a, b)': 8 },
  };
  const { indexes } = await workloadIndexes(tabledExplainer(costs), [
    examined(costs, 'one', [a], 10_000),
    examined(costs, 'two', [ab]),
  ]);
  expect(indexes.map((found) => indexText(found.index)).sort()).toEqual(['t (a)', 't (a, b)']);
});

it('makes one of an index that stores a column and a longer one', async () => {
  const costs: Costs = {
    sum: { '': 1_000, 't (a) including v': 10, 't (a, b)': 300, 't (a, b) including v': 11 },
    page: { '': 1_000, 't (a) including v': 300, 't (a, b)': 8, 't (a, b) including v': 8 },
  };
  const { indexes } = await workloadIndexes(tabledExplainer(costs), [
    examined(costs, 'sum', [index(['a'], ['v'])]),
    examined(costs, 'page', [ab]),
  ]);
  expect(indexes.map((found) => indexText(found.index))).toEqual(['t (a, b) including v']);
});

it('refuses an index that makes another statement more than a tenth dearer, and says so', async () => {
  const costs: Costs = {
    one: { '': 1_000, 't (a)': 10 },
    two: { '': 100, 't (a)': 150 },
  };
  const { indexes, refused } = await workloadIndexes(tabledExplainer(costs), [
    examined(costs, 'one', [a]),
    examined(costs, 'two', []),
  ]);
  expect(indexes).toEqual([]);
  expect(refused.get('one')).toBe('An index on t (a) would help, but makes two 50 % dearer.');
});

it('is content with a tenth', async () => {
  const costs: Costs = { one: { '': 1_000, 't (a)': 10 }, two: { '': 100, 't (a)': 110 } };
  const { indexes } = await workloadIndexes(tabledExplainer(costs), [
    examined(costs, 'one', [a]),
    examined(costs, 'two', []),
  ]);
  expect(indexes).toHaveLength(1);
});

it('gives a statement that cannot be tried no say', async () => {
  const costs: Costs = { one: { '': 1_000, 't (a)': 10 } };
  const tabled = tabledExplainer(costs);
  const { indexes } = await workloadIndexes(
    {
      ...tabled,
      explain: (statement, indexes) =>
        statement.text === 'view'
          ? Promise.reject(new TrialRefused('a view'))
          : tabled.explain(statement, indexes),
    },
    [examined(costs, 'one', [a]), examined(costs, 'view', [])],
  );
  expect(indexes.map(({ how }) => how)).toEqual(['a table of costs']);
});

it('suggests untried what was suggested, less what begins another suggestion, beside what was tried', async () => {
  const costs: Costs = { one: { '': 1_000, 't (b)': 10 }, two: { '': 700 }, three: { '': 600 } };
  const untried = (text: string, wanted: typeof a) => {
    const { suspect, judgement } = examined(costs, text, [wanted]);
    return { suspect, judgement: { ...judgement, untried: 'too large.' } };
  };
  const { indexes } = await workloadIndexes(tabledExplainer(costs), [
    examined(costs, 'one', [b]),
    untried('two', a),
    untried('three', ab),
  ]);
  expect(
    indexes.map((found) => [indexText(found.index), found.how, found.untried, found.served.length]),
  ).toEqual([
    ['t (b)', 'a table of costs', undefined, 1],
    ['t (a, b)', undefined, 'too large.', 2],
  ]);
});
