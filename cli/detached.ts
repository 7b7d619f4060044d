/** Ctrl-C on a waiting command: the run goes on. Exit 130. */
export class DetachedError extends Error {
  override readonly name = 'DetachedError';
  readonly code = 'Detached';
  readonly expected = null;
  readonly next: string;

  constructor(readonly run: { workflowId: string; runId: string; webUrl: string | null } | null) {
    super(
      run === null
        ? 'Interrupted before the run was known; it may have been started.'
        : `Detached: ${run.workflowId} goes on by itself.`,
    );
    this.next =
      run === null
        ? 'Look: cb-playbook status <host>'
        : `Look: cb-playbook status ${run.workflowId} · cancel: cb-playbook cancel ${run.workflowId}${
            run.webUrl ? ` · ${run.webUrl}` : ''
          }`;
  }

  toJSON(): Record<string, unknown> {
    const { code, message, expected, next } = this;
    return { code, message, expected, next, ...this.run };
  }
}
