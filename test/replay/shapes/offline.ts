import { fleet } from '../../workflows/support/hosts.js';
import { leaseId } from '../../../contract/index.js';
import { EVIL, type Shapes } from '../recorder.js';

/** Hosts that are not there, and what a request may say of that. */
export const offline: Shapes = {
  options: () => ({
    checkinPhase: 0.1,
    scenario: fleet(5, () => ({ onlineFrom: null, lastSeenAgo: 7_200 })),
  }),
  async record(env, keep) {
    await keep.contained(env, 'offline-refused', 1, { ...EVIL, offline: 'fail' });
    await keep.contained(env, 'isolation-pending', 2, { ...EVIL, offlineFor: '30m', lease: '4h' });
    await keep.contained(env, 'withdrawn', 3, { ...EVIL, offlineFor: '30m', offlineExpire: 'withdraw' });
    await keep.contained(env, 'withheld', 4, { ...EVIL, offlineFor: '30m', offlineWish: 'withhold' });
    const run = await env.contain({ hostname: 'HOST-5', ...EVIL, offline: 'isolate-only' });
    await env.sleep('20m');
    await env.simulator.act.comeOnline(5);
    await env.simulator.act.comeOnline(2);
    await run.outcome();
    await keep.run(env, 'isolate-only', run.workflowId);
    await env.sleep('30m');
    await keep.run(env, 'lease-of-a-host-that-came-back', leaseId(2));
  },
};
