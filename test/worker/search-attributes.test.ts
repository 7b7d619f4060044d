import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../../contract/index.js';
import { startSimulator, type Simulator } from '../../simulator/index.js';
import { startDevServer, type DevServer } from '../../testing/index.js';
import { startWorker } from '../support/worker-process.js';

const KEYWORD = 2;
const OURS = Object.values(SEARCH_ATTRIBUTES);
const namespace = 'default';

let simulator: Simulator;
let temporal: DevServer;
let connection: Connection;

before(async () => {
  [simulator, temporal] = await Promise.all([
    startSimulator({ scenario: 'evil-sticky-notes' }),
    startDevServer(),
  ]);
  connection = await Connection.connect({ address: temporal.address });
});
after(async () => {
  await connection?.close();
  await simulator?.close();
  await temporal?.stop();
});

async function customAttributes(): Promise<string[]> {
  const { customAttributes: found } = await connection.operatorService.listSearchAttributes({ namespace });
  return Object.keys(found ?? {});
}

async function workerLog(): Promise<string> {
  const { child } = await startWorker({ simulator, temporalAddress: temporal.address });
  await child.stop();
  return child.stderr;
}

describe('A starting worker', () => {
  it('adds the search attributes a namespace lacks, once', async () => {
    assert.match(await workerLog(), /Added search attributes: .*CbHost/);
    const found = await customAttributes();
    for (const name of OURS) assert.ok(found.includes(name), name);
    assert.doesNotMatch(await workerLog(), /search attributes/);
  });

  it('works in a namespace that takes no more, and says what is missing and why', async () => {
    await connection.operatorService.removeSearchAttributes({ namespace, searchAttributes: OURS });
    // An SQL store has a fixed number of Keyword columns: fill them, and the server refuses ours by itself.
    for (let n = 1; n < 50; n += 1) {
      const name = `Filler${n}`;
      const isFull = await connection.operatorService
        .addSearchAttributes({ namespace, searchAttributes: { [name]: KEYWORD } })
        .then(
          () => false,
          () => true,
        );
      if (isFull) break;
    }
    assert.match(await workerLog(), /lacks the search attributes .*CbHost.*could not add them \(.+\)/);
  });
});
