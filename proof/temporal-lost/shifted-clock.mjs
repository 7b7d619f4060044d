// Preloaded into a worker (`--import`): its Date goes as if the machine's clock had been set. SIGWINCH, which means nothing
// else to a worker, makes it read how far ahead it shall be, in ms, from the file CB_PROOF_CLOCK names. With
// CB_PROOF_CLOCK_STANDS it stands still while the process does, as the clock of a paused virtual machine.
// Timers and the SDK's native part keep the true time.
import { readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const file = process.env.CB_PROOF_CLOCK;
const stands = process.env.CB_PROOF_CLOCK_STANDS !== undefined;
/** A process that does nothing for longer was stopped. */
const STOPPED_MS = 3_000;
const trueNow = Date.now.bind(Date);
let aheadMs = 0;
let seen = trueNow();

function now() {
  const at = trueNow();
  if (stands && at - seen > STOPPED_MS) aheadMs -= at - seen;
  seen = at;
  return at + aheadMs;
}

globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new Date().toString(),
  get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
});

if (stands) setInterval(now, 100).unref();
if (isMainThread && file) {
  process.on('SIGWINCH', () => {
    aheadMs = Number(readFileSync(file, 'utf8'));
    process.stderr.write(`clock ahead by ${aheadMs} ms\n`);
  });
}
