import jsdoc from 'eslint-plugin-jsdoc';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const pureStages = ['sql', 'record', 'analysis', 'statistics', 'investigation', 'report'];

/** Rules for all TypeScript: the strict set of typescript-eslint, and how a few of its rules are meant here. */
const typescript = {
  files: ['**/*.{ts,tsx}'],
  extends: [tseslint.configs.strictTypeChecked],
  languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
  rules: {
    eqeqeq: ['error', 'always', { null: 'ignore' }],
    '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
    '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
    '@typescript-eslint/no-import-type-side-effects': 'error',
    '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  },
};

const library = {
  files: ['lib/**/*.ts'],
  plugins: { jsdoc },
  rules: {
    'max-lines': ['error', { max: 250 }],
    'no-console': 'error',
    'no-restricted-syntax': [
      'error',
      {
        selector: 'Program > VariableDeclaration[kind="let"]',
        message: 'No module-level mutable state: two applications in one process must not meet.',
      },
      { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
    ],
    'jsdoc/require-jsdoc': [
      'error',
      {
        publicOnly: { esm: true },
        checkConstructors: false,
        require: { ClassDeclaration: true, FunctionDeclaration: true },
        contexts: ['TSInterfaceDeclaration'],
      },
    ],
    'jsdoc/check-param-names': 'error',
    'jsdoc/no-types': 'error',
  },
};

const purity = {
  files: pureStages.map((stage) => `lib/${stage}/**/*.ts`),
  rules: {
    'no-restricted-globals': [
      'error',
      ...['process', 'performance', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'].map(
        (name) => ({
          name,
          message: 'A pure stage knows no clock and no process: time comes in as data.',
        }),
      ),
    ],
    'no-restricted-properties': [
      'error',
      { object: 'Date', property: 'now', message: 'Time comes in as data.' },
      { object: 'Math', property: 'random', message: 'Chance comes in as data.' },
    ],
  },
};

/** Tests, samples and benchmarks read `any` from drivers and HTTP responses all the time. */
const trials = {
  files: ['test/**/*.ts', 'sample/**/*.ts', 'bench/**/*.ts'],
  rules: {
    // Entities are copied with a spread in many applications; the samples are written the way people write.
    '@typescript-eslint/no-misused-spread': 'off',
    '@typescript-eslint/no-explicit-any': 'off',
    '@typescript-eslint/no-non-null-assertion': 'off',
    '@typescript-eslint/no-unsafe-argument': 'off',
    '@typescript-eslint/no-unsafe-assignment': 'off',
    '@typescript-eslint/no-unsafe-call': 'off',
    // Nest's options are classes that everybody fills with object literals.
    '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
    '@typescript-eslint/no-unsafe-member-access': 'off',
    '@typescript-eslint/no-unsafe-return': 'off',
    '@typescript-eslint/require-await': 'off',
    '@typescript-eslint/unbound-method': 'off',
    'no-restricted-syntax': [
      'error',
      {
        selector:
          'CallExpression[callee.name=/^(it|test)$/] > Literal.arguments:first-child[value=/\\bshould\\b/]',
        message: 'Name the behaviour: "stays silent for ...", not "should stay silent for ...".',
      },
    ],
  },
};

export default defineConfig(
  globalIgnores([
    '**/node_modules/',
    '**/dist/',
    'coverage/',
    '.demo/',
    '.page/',
    'test/compatibility/variants/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  typescript,
  library,
  purity,
  trials,
);
