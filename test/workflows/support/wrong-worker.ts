import { Context } from '@temporalio/activity';
import { createActivities } from '../../../activities/index.js';
import { CbResponse } from '../../../cb-response/index.js';
import type { EnumerateAndKillInput, EnumerateAndKillResult } from '../../../contract/index.js';
import type { PlaybookTestEnvironment } from '../../../testing/index.js';

/** `enumerateAndKill` whose attempts after the first run on a worker of another server, for one host. */
export function onTheWrongWorker(env: () => PlaybookTestEnvironment, sensorId: number) {
  return async (input: EnumerateAndKillInput): Promise<EnumerateAndKillResult> => {
    const { simulator, clock } = env();
    const wrong = input.target.sensorId === sensorId && Context.current().info.attempt > 1;
    const { server } = input.target;
    const cb = new CbResponse({
      url: simulator.url,
      token: simulator.token,
      serverName: wrong ? 'cb.elsewhere.example' : server,
    });
    try {
      return await createActivities({ cb, clock }).enumerateAndKill(input);
    } finally {
      cb.close();
    }
  };
}
