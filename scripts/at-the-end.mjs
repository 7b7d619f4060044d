import { after } from 'node:test';

const works = [];
/** What a file that was ended for its time leaves open would keep the process until its own time is over. */
const GRACE_MS = 2_000;

/** Work of test files that is done once, when all files of their process are through. */
export function atTheEnd(work) {
  works.push(work);
}

function leave() {
  process.stderr.write('All files of this process are through, and something was still open.\n');
  process.exit(1);
}

/** Called by a process of tests, outside all suites (compile-tests.mjs). What a work throws fails the process's file. */
export function worksAtTheEnd() {
  after(async () => {
    try {
      for (const work of works) await work();
    } finally {
      setTimeout(leave, GRACE_MS).unref();
    }
  });
}
