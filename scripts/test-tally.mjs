// A reporter that tells who started the runner how it went, once all files are done: how many tests ran to an end, and
// how many failures there were. Suites, skipped tests, and files as such (node counts a file without tests as a passed
// one) do not count as run.
export default async function* tally(source) {
  const counts = { ran: 0, failed: 0 };
  for await (const { type, data } of source) {
    const isOutcome = type === 'test:pass' || type === 'test:fail';
    if (!isOutcome || data.skip !== undefined) continue;
    if (type === 'test:fail' && data.todo === undefined) counts.failed += 1;
    if (data.details?.type === 'suite') continue;
    if (data.nesting > 0 || data.name !== data.file) counts.ran += 1;
  }
  process.send?.(counts);
  yield '';
}
