/** One thing that the simulated server did, by its own account. */
export interface ServerEffect {
  at: number;
  effect: string;
  sensorId?: number;
  guid?: string;
  pid?: number;
  path?: string;
  md5?: string;
  sessionId?: number;
}

/** What the simulated server tells of itself, whatever the playbook says. */
export interface ServerFacts {
  effects: ServerEffect[];
  sensors: { id: number; hostname: string; fact: boolean; processes: { guid: string; path: string }[] }[];
  bans: { md5: string; enabled: boolean }[];
}

/** Over the routes of its own that the simulator has beside the API: docs/simulator.md. */
export async function readServer({ url, token }: { url: string; token: string }): Promise<ServerFacts> {
  const read = async (what: string): Promise<unknown> => {
    const answer = await fetch(`${url}/simulator/${what}`, { headers: { 'X-Auth-Token': token } });
    if (!answer.ok) throw new Error(`The simulator does not tell its ${what}: HTTP ${answer.status}.`);
    return await answer.json();
  };
  const [effects, state] = await Promise.all([read('ledger'), read('state')]);
  return { ...(state as Omit<ServerFacts, 'effects'>), effects: effects as ServerEffect[] };
}
