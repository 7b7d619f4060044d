import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join, resolve } from 'node:path';
import { scenarioSchema, type ParsedScenario, type Scenario } from './scenario.js';

/** A scenario that cannot be used; the message says which file, which field, and what was expected. */
export class ScenarioError extends Error {
  override name = 'ScenarioError';
}

/** Some thousand hosts with all their processes. */
const MOST_BYTES = 20_000_000;
const MOST_MISTAKES = 10;
const DESCRIBED = 'The fields are described in docs/simulator.md.';

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
  let text: string | null;
  try {
    text = readText(file);
  } catch (error) {
    throw new ScenarioError(
      `The scenario file ${file} cannot be read (${(error as NodeJS.ErrnoException).code}). Expected a readable JSON file.`,
    );
  }
  if (text === null)
    throw new ScenarioError(
      `The scenario file ${file} has more than ${MOST_BYTES} bytes. Expected a scenario.`,
    );
  let json: unknown;
  try {
    // Editors of Windows put a mark before it.
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ScenarioError(`The scenario file ${file} is not JSON${placeOf(error)}. Expected a scenario.`);
  }
  return checkScenario(json, `the scenario file ${file}`);
}

/** Null: it has more than a scenario may have, and was not read to its end. */
function readText(file: string): string | null {
  const handle = openSync(file, 'r');
  try {
    const parts: Buffer[] = [];
    for (let length = 0; length <= MOST_BYTES; length += parts.at(-1)?.length ?? 0) {
      const part = Buffer.allocUnsafe(65_536);
      const read = readSync(handle, part);
      if (read === 0) return Buffer.concat(parts).toString('utf8');
      parts.push(part.subarray(0, read));
    }
    return null;
  } finally {
    closeSync(handle);
  }
}

/** Not its message: that quotes the file, and somebody may have named the one with their token. */
function placeOf(error: unknown): string {
  const position = /at position \d+/.exec((error as Error).message)?.[0];
  return position === undefined ? '' : ` (${position})`;
}

function checkScenario(json: unknown, what: string): ParsedScenario {
  const result = scenarioSchema.safeParse(json);
  if (!result.success) {
    const { issues } = result.error;
    const mistakes = issues.slice(0, MOST_MISTAKES).map((issue) => {
      const field = issue.path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`));
      const where = cut(field.join('').replace(/^\./, ''), 120) || '(top level)';
      return `  ${where}: ${cut(issue.message, 200)}`;
    });
    if (issues.length > mistakes.length) mistakes.push(`  … and ${issues.length - mistakes.length} more`);
    throw new ScenarioError(
      `There ${issues.length === 1 ? 'is a mistake' : `are ${issues.length} mistakes`} in ${what}:\n${mistakes.join('\n')}\n${DESCRIBED}`,
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
      throw new ScenarioError(
        `There is a mistake in ${what}:\n  sensors[${i}]${field}: ${problem}\n${DESCRIBED}`,
      );
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
      throw new ScenarioError(
        `There is a mistake in ${what}:\n  bans[${i}]: expected either md5 or binary\n${DESCRIBED}`,
      );
    }
  });
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
