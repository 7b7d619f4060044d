import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join, resolve } from 'node:path';
import { scenarioSchema, type ParsedScenario, type Scenario } from './scenario.js';

/** A scenario that cannot be used; the message says which file, which field, and what was expected. */
export class ScenarioError extends Error {
  override name = 'ScenarioError';
}

const shippedFolder = fileURLToPath(new URL('./scenarios/', import.meta.url));

/** Names of the scenarios that come with the simulator. */
export function shippedScenarios(): string[] {
  return readdirSync(shippedFolder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

/** The scenario of this name or path, or this very scenario, checked. Throws ScenarioError. */
export function loadScenario(from: string | Scenario): ParsedScenario {
  if (typeof from !== 'string') return checkScenario(from, 'the given scenario');
  const isPath = /[\\/]/.test(from) || from.endsWith('.json');
  if (!isPath && !shippedScenarios().includes(from)) {
    throw new ScenarioError(
      `There is no scenario "${from}". Expected one of ${shippedScenarios().join(', ')}, or the path of a scenario file (*.json).`,
    );
  }
  const file = isPath ? resolve(from) : join(shippedFolder, `${from}.json`);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new ScenarioError(
      `The scenario file ${file} cannot be read (${(error as NodeJS.ErrnoException).code}). Expected a readable JSON file.`,
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ScenarioError(`The scenario file ${file} is not JSON: ${(error as Error).message}`);
  }
  return checkScenario(json, `the scenario file ${file}`);
}

function checkScenario(json: unknown, what: string): ParsedScenario {
  const result = scenarioSchema.safeParse(json);
  if (!result.success) {
    const mistakes = result.error.issues.map((issue) => {
      const field = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`));
      return `  ${field.join('').replace(/^\./, '') || '(top level)'}: ${issue.message}`;
    });
    throw new ScenarioError(
      `There ${mistakes.length === 1 ? 'is a mistake' : `are ${mistakes.length} mistakes`} in ${what}:\n${mistakes.join('\n')}\nThe fields are described in docs/simulator.md.`,
    );
  }
  checkReferences(result.data, what);
  return result.data;
}

function checkReferences(scenario: ParsedScenario, what: string): void {
  const groups = new Set(scenario.groups.map((group) => group.id));
  const ids = new Set<number>();
  scenario.sensors.forEach((sensor, i) => {
    const complain = (field: string, problem: string): never => {
      throw new ScenarioError(`There is a mistake in ${what}:\n  sensors[${i}]${field}: ${problem}`);
    };
    if (!groups.has(sensor.groupId)) complain('.groupId', `no group has the id ${sensor.groupId}`);
    if (sensor.id !== undefined && ids.has(sensor.id)) complain('.id', `${sensor.id} is taken already`);
    if (sensor.id !== undefined) ids.add(sensor.id);
    const pids = new Set<number>();
    sensor.processes.forEach((process, p) => {
      if (process.pid === undefined) return;
      if (pids.has(process.pid)) complain(`.processes[${p}].pid`, `${process.pid} is taken already`);
      pids.add(process.pid);
    });
  });
  scenario.bans.forEach((ban, i) => {
    if ((ban.md5 === undefined) === (ban.binary === undefined)) {
      throw new ScenarioError(`There is a mistake in ${what}:\n  bans[${i}]: expected either md5 or binary`);
    }
  });
}
