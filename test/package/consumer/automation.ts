// Compiled against the declarations that ship: an alert handler as an automation author writes it.
import { createPlaybookClient, type ContainRequest, type Receipt } from 'cb-response-playbook';
import { createActivities, splitByQueue } from 'cb-response-playbook/activities';
import { CbResponse } from 'cb-response-playbook/cb-response';
import { startSimulator } from 'cb-response-playbook/simulator';
import { createPlaybookTestEnvironment } from 'cb-response-playbook/testing';
import { createPlaybookWorkers } from 'cb-response-playbook/worker';
import { containEndpoint, isolationLease } from 'cb-response-playbook/workflows';

export async function onAlert(hostname: string, processName: string): Promise<Receipt> {
  const request: ContainRequest = { hostname, processName, reason: 'alert 4711' };
  const playbook = await createPlaybookClient();
  try {
    const run = await playbook.containEndpoint(request);
    return await run.waitForReceipt({ timeoutMs: 15 * 60_000 });
  } finally {
    await playbook.close();
  }
}

export const parts = [
  createActivities,
  splitByQueue,
  CbResponse,
  startSimulator,
  createPlaybookTestEnvironment,
  createPlaybookWorkers,
  containEndpoint,
  isolationLease,
];

type IsAny<T> = 0 extends 1 & T ? true : false;
/** A declaration that leads nowhere is `any`, and would fit everything. */
export const anyOfThem: IsAny<(typeof parts)[number]> = false;
export const anyOfReceipt: IsAny<Receipt[keyof Receipt]> = false;
// @ts-expect-error: a misspelt field of the request.
export const misspelt: ContainRequest = { hostname: 'win7pro64', processname: 'vnc.exe' };
// @ts-expect-error: no such verdict.
export const isSafe = (receipt: Receipt): boolean => receipt.verdict === 'safe';
