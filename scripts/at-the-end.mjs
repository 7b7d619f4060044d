import { after } from 'node:test';

const works = [];

/** Work of test files that is done once, when all files of their process are through. */
export function atTheEnd(work) {
  works.push(work);
}

/** Called by a process of tests, outside all suites (compile-tests.mjs). What a work throws fails the process's file. */
export function worksAtTheEnd() {
  after(async () => {
    for (const work of works) await work();
  });
}
