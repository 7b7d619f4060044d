import { InvalidSettingError, PlaybookError } from '../../client/errors.js';
import type { TemporalCheck } from '../../client/temporal-check.js';
import { TASK_QUEUES } from '../../contract/names.js';
import { badSetting, fail, type Finding, ok, warn } from './finding.js';

const START = 'Start one: cb-playbook worker';

/** Temporal itself, who polls both queues, and the search attributes. */
export async function checkTemporal(): Promise<Finding[]> {
  const { createPlaybookClient } = await import('../../client/playbook-client.js');
  try {
    const playbook = await createPlaybookClient();
    try {
      return findingsOf(await playbook.check());
    } finally {
      await playbook.close();
    }
  } catch (error) {
    if (!(error instanceof PlaybookError)) throw error;
    const failed = error instanceof InvalidSettingError ? badSetting : fail;
    return [failed('temporal', 'Temporal', error.message, error.next ?? 'Look at its log.')];
  }
}

function findingsOf(c: TemporalCheck): Finding[] {
  const version = c.serverVersion ? `, server ${c.serverVersion}` : '';
  return [
    ok('temporal', 'Temporal', `${c.address}, namespace ${c.namespace}${version}`),
    queue(TASK_QUEUES.main, [...c.pollers.workflows, ...c.pollers.activities]),
    queue(TASK_QUEUES.liveResponse, c.pollers.liveResponse),
    searchAttributes(c.missingSearchAttributes),
  ];
}

function queue(name: string, pollers: readonly string[]): Finding {
  const workers = [...new Set(pollers)];
  return workers.length === 0
    ? fail('temporal', `Queue ${name}`, 'nobody polls it', START)
    : ok('temporal', `Queue ${name}`, `${workers.length} worker(s): ${workers.slice(0, 5).join(', ')}`);
}

function searchAttributes(missing: readonly string[] | null): Finding {
  const check = 'Search attributes';
  if (missing === null) {
    return warn(
      'temporal',
      check,
      'they cannot be listed',
      'Everything works without; ask who runs Temporal.',
    );
  }
  if (missing.length === 0) return ok('temporal', check, 'all there');
  const flags = missing.map((name) => `--name ${name} --type ${name === 'CbSensorId' ? 'Int' : 'Keyword'}`);
  return warn(
    'temporal',
    check,
    `missing: ${missing.join(', ')} (everything works without; runs cannot be filtered by them)`,
    `A worker adds them where it may, else: temporal operator search-attribute create ${flags.join(' ')}`,
  );
}
