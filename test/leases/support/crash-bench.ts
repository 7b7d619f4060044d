import { chaosBench, type ChaosBench } from '../../chaos/bench.js';
import { leaseId, type LeaseState } from '../../../contract/index.js';
import { waitFor } from '../../support/wait-for.js';

export { chaosBench, type ChaosBench };
/** Wish and fact of one sensor as they are now. */
export async function hostNow(bench: ChaosBench, sensorId: number): Promise<string> {
  const { sensors } = await bench.simulator.state();
  const sensor = sensors.find((s) => s.id === sensorId);
  return `${sensor?.wish ? 'wished' : 'not wished'}, ${sensor?.fact ? 'isolated' : 'not isolated'}`;
}

export async function becomes(bench: ChaosBench, sensorId: number, what: string): Promise<void> {
  await waitFor(`sensor ${sensorId} to be ${what}`, async () => (await hostNow(bench, sensorId)) === what, {
    timeoutMs: 45_000,
  });
}

/** Every change of the wish and of the fact of one sensor, in the order in which they came. */
export async function isolationsOf(bench: ChaosBench, sensorId: number): Promise<string[]> {
  const words: Partial<Record<string, string>> = {
    'wish-set': 'set',
    'wish-cleared': 'cleared',
    isolated: 'isolated',
    released: 'released',
  };
  return (await bench.simulator.ledger()).flatMap((e) => {
    const word = e.sensorId === sensorId ? words[e.effect] : undefined;
    return word === undefined ? [] : [word === 'set' || word === 'cleared' ? `${word} by ${e.by}` : word];
  });
}

/** One isolation, made and ended by us, in this order and not twice. */
export const ONCE = ['set by playbook', 'isolated', 'cleared by playbook', 'released'];

export async function holdsOf(bench: ChaosBench, sensorId: number): Promise<LeaseState> {
  return await bench.client.workflow.getHandle(leaseId(sensorId)).query<LeaseState>('holds');
}

export async function giveHoldBack(bench: ChaosBench, sensorId: number, holdId: string): Promise<void> {
  await bench.client.workflow
    .getHandle(leaseId(sensorId))
    .executeUpdate('release', { args: [{ holdId, who: 'ben' }] });
}
