import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tempProject } from './temp-project.js';

const PLANTED: [rule: string, path: string, text: string][] = [
  [
    '@typescript-eslint/no-floating-promises',
    'worker/a.ts',
    'export function f() {\n  Promise.resolve(1);\n}\n',
  ],
  [
    '@typescript-eslint/no-misused-promises',
    'worker/b.ts',
    'export const f = () => [1].forEach(async () => {});\n',
  ],
  [
    '@typescript-eslint/consistent-type-imports',
    'worker/c.ts',
    "import { Socket } from 'node:net';\nexport type S = Socket;\n",
  ],
  ['@typescript-eslint/no-explicit-any', 'worker/d.ts', 'export type A = any;\n'],
  ['no-restricted-imports', 'workflows/a.ts', "export { setTimeout } from 'node:timers/promises';\n"],
  ['no-restricted-globals', 'workflows/b.ts', 'export const t = () => setTimeout(() => undefined, 1);\n'],
  ['no-restricted-syntax', 'workflows/c.ts', 'export let last = 0;\nlast += 1;\n'],
  ['no-restricted-syntax', 'workflows/d.ts', 'const seen = new Map<string, number>();\nexport { seen };\n'],
  ['no-restricted-properties', 'activities/a.ts', 'export const now = () => Date.now();\n'],
  ['no-restricted-syntax', 'simulator/a.ts', 'export const now = () => new Date();\n'],
];

interface Report {
  filePath: string;
  messages: { ruleId: string }[];
}

test('each planted hazard is reported by its rule, and a clock may ask the machine', async (t) => {
  const project = tempProject(t, 'linked');
  for (const [, path, text] of PLANTED) project.write(path, text);
  project.write('simulator/real-clock.ts', 'export const now = () => Date.now();\n');
  const { status, stdout, stderr } = await project.run('node_modules/eslint/bin/eslint.js', [
    '--format',
    'json',
    '.',
  ]);
  assert.equal(status, 1, stderr);
  const reports = JSON.parse(stdout) as Report[];
  const caught = reports.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId }) => `${ruleId} ${filePath.slice(project.folder.length + 1)}`),
  );
  assert.deepEqual(caught.sort(), PLANTED.map(([rule, path]) => `${rule} ${path}`).sort());
});
