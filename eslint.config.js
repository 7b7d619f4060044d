import tseslint from 'typescript-eslint';

const NODE_BUILT_INS =
  'Workflows run in a sandbox without Node; put what touches the world into an activity.';

const SHARED_STATE = 'A module of workflows keeps no state: all workflows of a worker would share it.';
const DECLARED = ['Program > ', 'Program > ExportNamedDeclaration > '].map(
  (at) => `${at}VariableDeclaration`,
);
/** What can only be meant to be filled or set later. */
const MODULE_STATE = DECLARED.flatMap((declared) => [
  `${declared}[kind=/let|var/]`,
  ...[
    'NewExpression[arguments.length=0]',
    'ArrayExpression[elements.length=0]',
    'ObjectExpression[properties.length=0]',
  ].map((empty) => `${declared} > VariableDeclarator > ${empty}`),
]);

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'dist-test/',
      'coverage/',
      '.temporal/',
      '**/*.mjs',
      '**/*.cjs',
      'eslint.config.js',
      'test/package/consumer/',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-floating-promises': [
        'error',
        // node:test runs what is registered; its promises are its own.
        {
          allowForKnownSafeCalls: [
            { from: 'package', package: 'node:test', name: ['test', 'it', 'describe', 'suite'] },
          ],
        },
      ],
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // An async function without await keeps an interface's promise (and turns a throw into a rejection).
      '@typescript-eslint/require-await': 'off',
      // An AbortSignal's reason is thrown on as it came.
      '@typescript-eslint/only-throw-error': 'off',
      'no-control-regex': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  {
    files: ['workflows/**/*.ts', 'contract/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { group: ['node:*', 'fs', 'crypto', 'timers', 'timers/*', 'util'], message: NODE_BUILT_INS },
          ],
        },
      ],
      'no-restricted-globals': [
        'error',
        ...['process', 'Buffer', 'fetch', 'performance', 'queueMicrotask', 'require'].map((name) => ({
          name,
          message: NODE_BUILT_INS,
        })),
        ...['setTimeout', 'setInterval', 'setImmediate'].map((name) => ({
          name,
          message:
            'Use sleep() or condition() of @temporalio/workflow: named, cancellable, shown in Temporal Web.',
        })),
        ...['WeakRef', 'FinalizationRegistry'].map((name) => ({
          name,
          message: 'Garbage collection is not replayed.',
        })),
      ],
      // The bundle shares these modules among all workflows of a worker (scripts/bundle.mjs).
      'no-restricted-syntax': [
        'error',
        ...MODULE_STATE.map((selector) => ({ selector, message: SHARED_STATE })),
      ],
    },
  },
  {
    // A workflow's time is the task's time; a value that leaves it is stamped once, in one place, on purpose.
    files: ['contract/**/*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'Date',
          property: 'now',
          message: 'contract holds pure functions: take the time as an argument.',
        },
        { object: 'Math', property: 'random', message: 'contract holds pure functions.' },
      ],
    },
  },
  {
    // One clock: time is injected. Only a file that is a clock may ask the machine.
    files: ['activities/**/*.ts', 'cb-response/**/*.ts', 'simulator/**/*.ts'],
    ignores: ['**/*clock*.ts'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Ask the injected clock.' },
        { object: 'Math', property: 'random', message: 'No randoms: a run must be repeatable.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "NewExpression[callee.name='Date'][arguments.length=0]",
          message: 'Ask the injected clock.',
        },
      ],
    },
  },
  { files: ['bench/**/*.ts', 'proof/**/*.ts'], rules: { 'no-console': 'off' } },
);
