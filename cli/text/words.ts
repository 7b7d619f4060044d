import type { Gap, Verdict } from '../../contract/verdict.js';

export const GAP_WORDS: Record<Gap, string> = {
  'process-alive': 'a matching process is not confirmed dead',
  'nothing-matched': 'no process matched, and none is known to have run',
  'hash-unknown': 'the hash of a killed process could not be found, so it is not banned',
  'ban-refused': 'a ban was refused',
  'not-enumerated': 'the processes were never listed',
  'isolation-lost': 'the isolation did not hold until the end',
};

const NEXT_FOR_GAP: Record<Gap, string> = {
  'process-alive': 'Look at the process on the host, end what starts it again, then contain once more.',
  'nothing-matched': 'Check the spelling of the process against the names found, then contain once more.',
  'hash-unknown': 'Ban it by hand once its MD5 is known: contain --no-kill --ban-md5 <MD5>.',
  'ban-refused': 'Read why below, and ban another way where it is needed.',
  'not-enumerated': 'Contain once more when Live Response is there.',
  'isolation-lost': 'Somebody else released the host: settle that with them, then contain once more.',
};

const NEXT_FOR_VERDICT: Record<Verdict, string | null> = {
  contained: null,
  planned: null,
  'contained-partly': 'Read the problems below, then contain once more.',
  'isolation-pending':
    'The host has not confirmed the isolation: check that it is switched on and reaches the server. The wish stands under its lease, which keeps watching: status <host> tells when it comes, release <host> ends it.',
  'not-contained': 'Settle the problems below, then contain once more.',
  'rolled-back': 'Settle the problems below, then contain once more; --on-failure keep undoes nothing.',
  'rollback-incomplete': 'Undo by hand what is marked failed below.',
};

/** What a person does next; empty where nothing is left to do. */
export function nextSteps(receipt: { verdict: Verdict; gaps: readonly Gap[] }): string[] {
  if (receipt.gaps.length > 0) return receipt.gaps.map((gap) => NEXT_FOR_GAP[gap]);
  const next = NEXT_FOR_VERDICT[receipt.verdict];
  return next === null ? [] : [next];
}
