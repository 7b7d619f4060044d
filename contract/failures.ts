/**
 * Types of `ApplicationFailure` that cross the activity and workflow borders, and of the `problems` in a receipt.
 * `final: true` fails at once; the others are tried again for as long as the step's deadline allows.
 */
export const FAILURES = {
  InvalidRequest: { final: true, meaning: 'The request itself is wrong; details[0] lists every mistake.' },
  DifferentRequest: { final: true, meaning: 'A join names another sensor than the running containment.' },
  RunClosing: { final: true, meaning: 'The containment has settled and takes no more requests; start anew.' },
  NoSuchRun: { final: true, meaning: 'Temporal knows no containment of that id.' },
  StillRunning: { final: true, meaning: 'The containment runs: cancel it, and it undoes its own work.' },
  LeaseClosing: { final: true, meaning: 'The isolation lease is about to close; try again.' },
  HoldExpired: {
    final: true,
    meaning: 'An acquire came after its validUntil, or after its hold was given back.',
  },
  NoSuchHost: { final: true, meaning: 'No live sensor has exactly that name or id.' },
  NoSensorsVisible: { final: true, meaning: 'The token sees no sensor at all: probably it lacks rights.' },
  SeveralHosts: { final: true, meaning: 'More than one live sensor has that name.' },
  WrongServer: {
    final: true,
    meaning: 'This worker talks to another Cb server than the run was started for.',
  },
  TargetChanged: { final: true, meaning: 'The sensor was registered anew or deleted since it was resolved.' },
  HostOffline: { final: true, meaning: 'The host is offline, and the request says not to wait for it.' },
  NotAsking: { final: true, meaning: 'The run asks nothing now, so there is nothing to decide.' },
  NoSuchLease: { final: true, meaning: 'Nobody holds the isolation of this host.' },
  IsolationUnsupported: { final: true, meaning: 'The sensor cannot isolate its host.' },
  LiveResponseUnsupported: { final: true, meaning: 'The sensor has no Live Response.' },
  LiveResponseOff: { final: true, meaning: 'Live Response is switched off on the server (412).' },
  ProtectedProcess: { final: true, meaning: 'The selector names a process that must not be killed.' },
  ProtectedHost: {
    final: true,
    meaning: 'The policy keeps automation off this host, and nobody overrode it.',
  },
  Paused: {
    final: true,
    meaning: 'Somebody paused the playbook: no new containment starts until it is resumed.',
  },
  LimitReached: { final: true, meaning: 'The policy allows no more containments now.' },
  Denied: { final: true, meaning: 'A person said no to the plan.' },
  NotApproved: { final: true, meaning: 'Nobody approved the plan in time.' },
  StaleDigest: { final: true, meaning: 'The digest is not that of the plan that is shown now: look again.' },
  ProtectedHash: { final: true, meaning: 'The hash must not be banned (empty file, all zeros, malformed).' },
  Unauthorized: { final: true, meaning: 'The server does not know the API token (401).' },
  Forbidden: { final: true, meaning: 'The token lacks a right (403 or 405).' },
  Refused: { final: true, meaning: 'The server refused the request.' },
  MalformedAnswer: { final: false, meaning: 'An answer of the server is not what the API reference says.' },
  ServerUnavailable: {
    final: false,
    meaning: 'The server cannot be reached or answers with an error of its own.',
  },
  RateLimited: { final: false, meaning: 'The server asks for a pause (429).' },
  OutcomeUnknown: { final: false, meaning: 'The connection broke or timed out: done or not is unknown.' },
  TooManySessions: { final: false, meaning: 'All Live Response slots are taken; nobody’s failure.' },
  NotYet: { final: false, meaning: 'A slow fact is not there yet; nobody’s failure.' },
  BanLifted: { final: true, meaning: 'A ban of this run was lifted by somebody else before the run ended.' },
  SessionUnavailable: { final: true, meaning: 'No Live Response session became active before the deadline.' },
  DeadlinePassed: { final: true, meaning: 'A step’s deadline passed before it was done.' },
  Cancelled: { final: true, meaning: 'Somebody cancelled the run.' },
  Unexpected: { final: false, meaning: 'A fault in this software; the message says where.' },
} as const;

export type FailureType = keyof typeof FAILURES;

/** Longest message in a receipt or failure, in characters. */
export const MESSAGE_LIMIT = 500;

/** A message cut to {@link MESSAGE_LIMIT} characters. */
export function cutMessage(message: string): string {
  return message.length <= MESSAGE_LIMIT ? message : `${message.slice(0, MESSAGE_LIMIT - 1)}…`;
}
