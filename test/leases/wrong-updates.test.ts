import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { ApplicationFailure, WorkflowUpdateFailedError } from '@temporalio/client';
import type { AcquireArgs, ExtendArgs, LeaseState } from '../../contract/index.js';
import { fleet } from '../workflows/support/hosts.js';
import { withEnvironment } from '../workflows/support/with-environment.js';
import { giveBack, leaseHandle, leaseOf, personHolds, targetOn } from './support/lease.js';

const env = withEnvironment({ scenario: fleet(1) });
const DAY = 86_400_000;
const LONGEST = 7 * DAY;

/** Sends it as a person does from Temporal Web, and gives the type of the refusal; `null` where it was taken. */
async function refusalOf(update: 'acquire' | 'release' | 'extend', args: unknown): Promise<string | null> {
  try {
    const sent = leaseHandle(env(), 1).executeUpdate<LeaseState, [unknown]>(update, { args: [args] });
    await env().timePasses(sent);
    return null;
  } catch (err) {
    assert.ok(err instanceof WorkflowUpdateFailedError, String(err));
    assert.ok(err.cause instanceof ApplicationFailure, String(err.cause));
    return err.cause.type ?? null;
  }
}

async function acquire(more: Partial<AcquireArgs>): Promise<string | null> {
  const validUntil = (await env().clock.now()) + 3_600_000;
  return await refusalOf('acquire', { holdId: 'person/ben', who: 'ben', validUntil, ...more });
}

const extend = (more: Partial<ExtendArgs>): Promise<string | null> =>
  refusalOf('extend', { holdId: 'person/ana', leaseMs: 3_600_000, ...more });

describe('A wrong update of a lease is refused at once, and nothing of it is in the history:', () => {
  let accepted = 0;
  const acceptedUpdates = async (): Promise<number> => {
    const { events } = await leaseHandle(env(), 1).fetchHistory();
    return (events ?? []).filter((e) => e.workflowExecutionUpdateAcceptedEventAttributes).length;
  };
  const refused = (what: string, type: string, send: () => Promise<string | null>): void =>
    void it(what, async () => {
      assert.equal(await send(), type);
      assert.equal(await acceptedUpdates(), accepted);
      assert.deepEqual(
        (await leaseOf(env(), 1)).holds.map((h) => [h.holdId, h.until]),
        [['person/ana', null]],
      );
    });
  before(async () => {
    await personHolds(env(), 1, 'ana', {}, { longestMs: LONGEST });
    await env().sleep('2m');
    // Its tombstone refuses the acquire that comes after it.
    await giveBack(env(), 1, 'person/too-late');
    accepted = await acceptedUpdates();
    assert.equal(accepted, 2);
  });

  refused('an end before now', 'InvalidRequest', () => extend({ leaseMs: -1 }));
  refused('an end that is now', 'InvalidRequest', () => extend({ leaseMs: 0 }));
  refused('an end that is no number', 'InvalidRequest', () => extend({ leaseMs: '2h' as never }));
  refused('no end at all', 'InvalidRequest', () => extend({ leaseMs: undefined }));
  refused('an end past what the policy allows', 'InvalidRequest', () => extend({ leaseMs: LONGEST + 1 }));
  refused('the end of a hold that is not there', 'HoldExpired', () => extend({ holdId: 'person/nobody' }));
  refused('a hold with an end before now', 'InvalidRequest', () => acquire({ leaseMs: -1 }));
  refused('a hold past what the policy allows', 'InvalidRequest', () => acquire({ leaseMs: LONGEST + 1 }));
  refused('a hold without a name', 'InvalidRequest', () => acquire({ holdId: '' }));
  refused('a hold that is not to be taken any more', 'HoldExpired', () => acquire({ validUntil: 1 }));
  refused('a hold that is valid for ever', 'InvalidRequest', () => acquire({ validUntil: Infinity }));
  refused('a hold that was given back before it came', 'HoldExpired', () =>
    acquire({ holdId: 'person/too-late' }),
  );
  refused('a drift policy that there is not', 'InvalidRequest', () => acquire({ onDrift: 'fight' as never }));
  refused('a hold on the same sensor of another server', 'WrongServer', async () =>
    acquire({ target: { ...(await targetOn(env(), 1)), server: 'cb.elsewhere:443' } }),
  );
  refused('a release of no hold', 'InvalidRequest', () => refusalOf('release', { who: 'ben' }));
});
