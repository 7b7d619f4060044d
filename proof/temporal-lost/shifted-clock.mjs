// Preloaded into a worker (`--import`): its Date can be set as if somebody had set the machine's clock. SIGWINCH, which means nothing else to a worker, makes it read
// how far ahead it shall be, in ms, from the file CB_PROOF_CLOCK names. Timers and the SDK's native part keep the true time.
import { readFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

const file = process.env.CB_PROOF_CLOCK;
const trueNow = Date.now.bind(Date);
let aheadMs = 0;
const now = () => trueNow() + aheadMs;

globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new Date().toString(),
  get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
});

if (isMainThread && file) {
  process.on('SIGWINCH', () => {
    aheadMs = Number(readFileSync(file, 'utf8'));
    process.stderr.write(`clock ahead by ${aheadMs} ms\n`);
  });
}
