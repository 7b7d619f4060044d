import type { FailureType } from '../contract/index.js';
import { PlaybookError } from './errors.js';

/** The host cannot be told: no live sensor has that name, several have, or the Cb server does not answer. Nothing was changed. */
export class HostLookupError extends PlaybookError {
  constructor(
    /** `NoSuchHost`, `SeveralHosts`, `NoSensorsVisible`, or what the server's refusal is called in `FAILURES`. */
    readonly code: FailureType,
    why: string,
  ) {
    super(why, EXPECTED[code] ?? 'A Cb server that answers.', NEXT[code] ?? 'Check it: cb-playbook doctor.');
  }
}

const EXPECTED: Partial<Record<FailureType, string>> = {
  NoSuchHost: 'The exact name of one host, sensor-<id>, or the exact workflow id of a containment or lease.',
  SeveralHosts: 'One host.',
  NoSensorsVisible: "A token whose user sees the host's sensor group.",
  InvalidRequest: 'One host.',
};
const NEXT: Partial<Record<FailureType, string>> = {
  NoSuchHost: 'Correct the name; nothing was changed.',
  SeveralHosts: 'Name one by its sensor id: sensor-<id>; nothing was changed.',
  InvalidRequest: 'Name one by its sensor id: sensor-<id>; nothing was changed.',
  NoSensorsVisible: "Give the token's user a role that sees it.",
};

/** Nobody holds the isolation of this host: there is nothing to release, extend or decide. Nothing was changed. */
export class NoSuchLeaseError extends PlaybookError {
  readonly code = 'NoSuchLease';
  constructor(message: string, next = 'See who holds what: cb-playbook leases.') {
    super(message, 'A host whose isolation somebody holds.', next);
  }
}

/** The run asks nothing now: there is nothing to decide. Nothing was changed. */
export class NotAskingError extends PlaybookError {
  readonly code = 'NotAsking';
  constructor(workflowId: string, why: string) {
    super(
      `${workflowId} asks nothing: ${why}`,
      'A run with failure policy ask that waits for an answer.',
      `See what it does: cb-playbook status ${workflowId}`,
    );
  }
}

/** The host cannot be isolated, or the server refuses to. The hold was given back, unless `heldStill` names it. */
export class IsolationRefusedError extends PlaybookError {
  readonly code = 'IsolationRefused';
  constructor(
    hostname: string,
    /** A type of `FAILURES`. */
    readonly type: string,
    why: string,
    /** The hold that could not be given back, because nobody answered any more. */
    readonly heldStill: string | null = null,
  ) {
    super(
      `${hostname} is not isolated: ${why}`,
      'A sensor that can isolate its host, and a token with the right to.',
      heldStill === null
        ? 'Settle that, then try again; no hold of yours stays behind.'
        : `The hold ${heldStill} may still stand, and isolate the host later. Give it back: cb-playbook release ${hostname} --reason TEXT.`,
    );
  }

  override details(): Record<string, unknown> {
    return { type: this.type, ...(this.heldStill === null ? {} : { heldStill: this.heldStill }) };
  }
}

/** Somebody ended the hold before its host was seen to be isolated: nothing of ours isolates it for this caller any more. */
export class HoldEndedError extends PlaybookError {
  readonly code = 'HoldEnded';
  constructor(
    hostname: string,
    readonly holdId: string,
  ) {
    super(
      `${hostname} was not seen isolated, and the hold ${holdId} was ended meanwhile: by a release, or by its own end.`,
      'A hold that stands until the sensor confirms.',
      `See who holds it, and what the host is: cb-playbook status ${hostname}`,
    );
  }

  override details(): Record<string, unknown> {
    return { holdId: this.holdId };
  }
}
