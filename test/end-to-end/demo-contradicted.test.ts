import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { tellOfServer } from '../../cli/demo/on-the-server.js';
import { Output } from '../../cli/output.js';
import type { Receipt } from '../../contract/index.js';
import { type Simulator, startSimulator, virtualClock } from '../../simulator/index.js';
import { aReceipt } from './a-receipt.js';

/** What it says to people. */
class Heard extends Output {
  text = '';
  override answer(_: unknown, text: string): void {
    this.text += text;
  }
}

const VNC = 'c:\\program files\\evil sticky notes\\vnc.exe';
const MD5 = 'A'.repeat(32);

describe('The demo asks the simulated server itself', () => {
  const clock = virtualClock();
  let simulator: Simulator;
  let honest: Receipt;
  before(async () => (simulator = await startSimulator({ scenario: 'evil-sticky-notes', clock })));
  after(() => simulator.close());

  async function told(receipt: Receipt): Promise<{ agrees: boolean; text: string }> {
    const output = new Heard(false);
    const agrees = await tellOfServer(receipt, simulator, output);
    return { agrees, text: output.text };
  }

  it('and does not take the word of a receipt for what never happened', async () => {
    const { agrees, text } = await told(aReceipt());
    assert.equal(agrees, false);
    const [happened, wrong] = text.split('THE RECEIPT IS WRONG. By the server:\n');
    assert.equal(happened?.trim(), 'What happened on the server:\n  nothing');
    assert.deepEqual(
      wrong?.split('\n').map((line) => line.trim()),
      [
        'WIN7PRO64 is not isolated.',
        'pid 2864 was not killed.',
        `${VNC} is alive.`,
        `${MD5} is not banned.`,
        'session 1 was never opened.',
      ],
    );
  });

  it('and agrees with a receipt that tells what happened', async () => {
    const { act } = simulator;
    const running = (await simulator.state()).sensors.find(({ id }) => id === 1)?.processes ?? [];
    const killed = running.filter(({ path }) => path === VNC);
    await act.setWish(1, true, 'playbook');
    assert.equal(await act.openSessionAs(1, 'playbook'), 1);
    clock.advance(60_000);
    for (const { pid } of killed) await act.commandAs(1, { name: 'kill', object: pid }, 'playbook');
    clock.advance(60_000);
    await act.closeSession(1, 'playbook');
    await act.addBan(MD5, 'playbook', 'evil');
    const [report] = aReceipt().processes;
    assert.ok(report && killed.length === 2);
    honest = aReceipt({ processes: killed.map(({ guid, pid }) => ({ ...report, guid, pid, path: VNC })) });
    const { agrees, text } = await told(honest);
    assert.ok(agrees, text);
    assert.match(text, / {2}killed pid \d+ {2}c:.*vnc\.exe\n[\s\S]*\nThe receipt says the same\.$/);
  });

  it('and sees what has changed behind its back', async () => {
    const { act } = simulator;
    await act.setWish(1, false, 'somebody');
    await act.openSessionAs(1, 'somebody');
    await act.disableBan(MD5, 'somebody');
    await act.startProcess(1, { path: 'c:\\temp\\vnc.exe' });
    clock.advance(60_000);
    const { agrees, text } = await told(honest);
    assert.equal(agrees, false);
    assert.deepEqual(
      text
        .split('THE RECEIPT IS WRONG. By the server:\n')[1]
        ?.split('\n')
        .map((line) => line.trim()),
      [
        'WIN7PRO64 is not isolated.',
        'c:\\temp\\vnc.exe is alive.',
        `${MD5} is not banned.`,
        'session 2 is open.',
      ],
    );
  });

  it('and misses a kill that the receipt leaves out', async () => {
    const { text } = await told({ ...honest, processes: honest.processes.slice(1) });
    assert.match(
      text,
      new RegExp(`\\n {2}pid ${honest.processes[0]?.pid} \\(.*vnc\\.exe\\) was killed, unsaid\\.\\n`),
    );
  });
});
