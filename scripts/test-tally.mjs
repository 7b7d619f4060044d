// A reporter that tells who started the runner how it went, once all files are done: how many tests ran to an end, and
// how many failures there were. Suites, skipped tests, and files as such (node counts a file without tests as a passed
// one) do not count as run. `stood`: test files, and processes of them, that were ended for their time; what failed in
// them only for that is no failure. `through`, in a message of its own: how many processes have done all their tests.
const TIMED_OUT = 'testTimeoutFailure';
/**
 * What an end for its time does to the tests within: a suite has its file's limit too, and may be told first. Whatever else
 * makes a test fail so fails its file, which counts.
 */
const COMES_WITH_IT = new Set(['cancelledByParent', 'subtestsFailed', TIMED_OUT]);

export default async function* tally(source) {
  const counts = { ran: 0, failed: 0, stood: [] };
  let through = 0;
  for await (const { type, data } of source) {
    // From Node 22 on each process says so itself; whether it also ended may be known much later.
    if (type === 'test:summary' && data.file !== undefined) process.send?.({ through: (through += 1) });
    const isOutcome = type === 'test:pass' || type === 'test:fail';
    if (!isOutcome || data.skip !== undefined) continue;
    const { name, file, nesting, details, todo } = data;
    const isSuite = details?.type === 'suite';
    const isProcess = nesting === 0 && name === file;
    if (type === 'test:fail' && todo === undefined) {
      const why = details?.error?.failureType;
      // A file that is cancelled and not timed out waits for what nobody will ever do: that is a failure.
      const isOver = why === TIMED_OUT || (isProcess && why === 'cancelledByParent');
      if (nesting === 0 && isOver) counts.stood.push(name);
      else if (nesting === 0 || !COMES_WITH_IT.has(why)) counts.failed += 1;
    }
    if (!isSuite && !isProcess) counts.ran += 1;
  }
  process.send?.(counts);
  yield '';
}
