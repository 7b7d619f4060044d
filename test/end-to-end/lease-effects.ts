import type { House } from './house.js';

/** Lets the simulated world do something of its own: `goOffline`, `comeOnline`, `setWish`, … */
export function act(house: House, name: string, ...args: unknown[]): Promise<void> {
  return control(house, 'act', { name, args });
}

/** Lets the simulated server fail a request, as its page on faults says. */
export function fault(house: House, body: Record<string, unknown>): Promise<void> {
  return control(house, 'fault', body);
}

async function control(house: House, route: string, body: unknown): Promise<void> {
  const answer = await fetch(`${house.cbEnv['CBAPI_URL']}/simulator/${route}`, {
    method: 'POST',
    headers: { 'X-Auth-Token': house.cbEnv['CBAPI_TOKEN'] ?? '', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${route}: ${await answer.text()}`);
}

/** What the server was asked for about one sensor's isolation, in order. */
export async function isolations(house: House, sensorId: number): Promise<boolean[]> {
  const entries = (await house.ledger()).filter((e) => e.sensorId === sensorId);
  return entries.flatMap(({ effect }) =>
    effect === 'wish-set' ? [true] : effect === 'wish-cleared' ? [false] : [],
  );
}
