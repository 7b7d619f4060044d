// A reporter that tells who started the runner how it went, once all files are done: how many tests ran to an end, and
// how many failures there were. Suites, skipped tests, and files as such (node counts a file without tests as a passed
// one) do not count as run. `stood`: files that were ended for their time.
const TIMED_OUT = new Set(['testTimeoutFailure', 'cancelledByParent']);

export default async function* tally(source) {
  const counts = { ran: 0, failed: 0, stood: [] };
  for await (const { type, data } of source) {
    const isOutcome = type === 'test:pass' || type === 'test:fail';
    if (!isOutcome || data.skip !== undefined) continue;
    if (type === 'test:fail' && data.todo === undefined) counts.failed += 1;
    if (type === 'test:fail' && data.name === data.file && TIMED_OUT.has(data.details?.error?.failureType)) {
      counts.stood.push(data.file);
    }
    if (data.details?.type === 'suite') continue;
    if (data.nesting > 0 || data.name !== data.file) counts.ran += 1;
  }
  process.send?.(counts);
  yield '';
}
