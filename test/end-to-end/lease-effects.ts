import type { House } from './house.js';

/** What the server was asked for about one sensor's isolation, in order. */
export async function isolations(house: House, sensorId: number): Promise<boolean[]> {
  const entries = (await house.ledger()).filter((e) => e.sensorId === sensorId);
  return entries.flatMap(({ effect }) =>
    effect === 'wish-set' ? [true] : effect === 'wish-cleared' ? [false] : [],
  );
}
