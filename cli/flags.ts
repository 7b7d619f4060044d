const FIELDS = [
  'hostname',
  'sensorId',
  'processName',
  'processPath',
  'processMd5',
  'processGuid',
  'banScope',
  'banMd5',
  'onFailure',
  'askTimeout',
  'askDefault',
  'offlineFor',
  'offlineWish',
  'offlineExpire',
  'onDrift',
  'overrides',
  'runId',
  'dryRun',
  'approvalTimeout',
];
const SINGLE = ['digest', 'approval', 'reason', 'case', 'lease', 'offline', 'hold', 'evidence'];

/** `processName` is `--process-name` to whoever types it. */
export function flagOf(field: string): string {
  // One rule a flag, and the flag several times.
  if (field === 'overrides') return '--override';
  return `--${field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** A message about the fields of a request, in the words of the command line. */
export function fieldsAsFlags(text: string): string {
  let out = text
    .replace(/kill: false/g, '--no-kill')
    .replace(
      new RegExp(`(?<![-"\\w.])(${FIELDS.join('|')})(\\[\\d+\\])?(?![\\w"])`, 'g'),
      (_, field: string) => flagOf(field),
    );
  // Everyday words are fields only where they stand as the label of a mistake.
  for (const word of SINGLE)
    out = out.replace(new RegExp(`(^\\s*|wrong: |\\| )${word}:`, 'g'), `$1--${word}:`);
  return out;
}
