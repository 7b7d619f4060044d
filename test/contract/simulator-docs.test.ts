import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { defaultKnobs, shippedScenarios, TABLE_16 } from '../../simulator/index.js';

const page = readFileSync(new URL('../../docs/simulator.md', import.meta.url), 'utf8').replace(/ +/g, ' ');

test('The page lists table 16 as it is, every knob, and every scenario.', () => {
  for (const { id, name, default: normal, alternatives } of TABLE_16) {
    const row = page.split('\n').find((line) => line.startsWith(`| ${id} | \`${name}\` |`));
    assert.ok(row, `${id} ${name}`);
    for (const value of [normal, ...alternatives])
      assert.ok(row.includes(`\`${value}\``), `${name}: ${value}`);
  }
  for (const knob of Object.keys(defaultKnobs)) assert.ok(page.includes(`\`${knob}\``), knob);
  for (const scenario of shippedScenarios()) assert.ok(page.includes(`\`${scenario}\``), scenario);
});
