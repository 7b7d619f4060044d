import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { z } from 'zod';
import { Output } from '../../cli/output.js';
import { buildProgram } from '../../cli/program.js';
import { defaultKnobs, shippedScenarios, TABLE_16 } from '../../simulator/index.js';
import { scenarioSchema } from '../../simulator/scenario.js';

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

interface Fields {
  properties?: Record<string, Fields>;
  items?: Fields;
  additionalProperties?: Fields | boolean;
  anyOf?: Fields[];
}

/** Names of all fields in it, but for what is in the lists that have a paragraph of their own. */
function fieldsOf(schema: Fields | boolean | undefined): string[] {
  if (typeof schema !== 'object') return [];
  const { properties = {}, items, additionalProperties, anyOf = [] } = schema;
  const own = Object.entries(properties).flatMap(([name, of]) => [
    name,
    ...(name === 'sensors' || name === 'processes' ? [] : fieldsOf(of)),
  ]);
  return [...own, ...[items, additionalProperties, ...anyOf].flatMap(fieldsOf)];
}

/** Words in backticks. */
const namedIn = (text: string): string[] =>
  [...text.matchAll(/`([^`]+)`/g)].flatMap(([, span = '']) => span.split(/\W+/));

test('The page names every field of a scenario where it belongs.', () => {
  const scenario = z.toJSONSchema(scenarioSchema, { io: 'input' }) as Fields;
  const sensor = scenario.properties?.sensors?.items;
  const process = sensor?.properties?.processes?.items;
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  const paragraph = (word: string): string =>
    /^[^]*?(?=\n\n)/.exec(page.split(`\n${word}: `)[1] ?? '')?.[0] ?? '';
  const parts: [string, Fields | undefined, string][] = [
    ['scenario', scenario, rows.join('\n')],
    ['sensor', sensor, paragraph('Sensor')],
    ['process', process, paragraph('Process')],
  ];
  for (const [what, schema, text] of parts) {
    const fields = fieldsOf(schema);
    assert.ok(fields.length > 10, `${what}: ${fields.join()}`);
    for (const field of fields) assert.ok(namedIn(text).includes(field), `${what}: ${field}`);
  }
});

test('The page names every flag of the command.', () => {
  const program = buildProgram(new Output(false), () => undefined);
  const options = program.commands.find((command) => command.name() === 'simulator')?.options ?? [];
  const [line = ''] = page.split('\n').filter((l) => l.startsWith('cb-playbook simulator '));
  assert.ok(options.length > 5);
  for (const { long } of options) assert.ok(line.includes(`[${long}`), `${long}: ${line}`);
});
