/** What a query is refused with while a worker has yet to read the run: the same question a moment later is answered. */
export const ASKED_TOO_SOON = 'This worker has yet to read the run, and was asked about it. Ask again.';
