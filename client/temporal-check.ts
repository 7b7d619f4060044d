import { SEARCH_ATTRIBUTES, TASK_QUEUES } from '../contract/index.js';
import { pollersOf } from './pollers.js';
import { call, type Session } from './session.js';

/** What `doctor` needs to know of Temporal. */
export interface TemporalCheck {
  address: string;
  namespace: string;
  serverVersion: string | null;
  /** Identities of who polls: workflows and activities of the main queue, activities of the Live Response queue. */
  pollers: { workflows: string[]; activities: string[]; liveResponse: string[] };
  /** Ours that the namespace lacks, or `null` where we may not look. Everything works without them. */
  missingSearchAttributes: string[] | null;
}

export async function checkTemporal(session: Session): Promise<TemporalCheck> {
  const { client, namespace } = session;
  await call(session, () => client.workflowService.describeNamespace({ namespace }));
  const [system, workflows, activities, liveResponse, missing] = await Promise.all([
    call(session, () => client.workflowService.getSystemInfo({})),
    pollersOf(session, TASK_QUEUES.main, 'workflow'),
    pollersOf(session, TASK_QUEUES.main, 'activity'),
    pollersOf(session, TASK_QUEUES.liveResponse, 'activity'),
    missingSearchAttributes(session),
  ]);
  return {
    address: session.address,
    namespace,
    serverVersion: system.serverVersion ?? null,
    pollers: { workflows, activities, liveResponse },
    missingSearchAttributes: missing,
  };
}

async function missingSearchAttributes(session: Session): Promise<string[] | null> {
  const connection = session.client.connection;
  if (!('operatorService' in connection)) return null;
  const { operatorService } = connection as { operatorService: OperatorService };
  try {
    const { namespace } = session;
    const answer = await call(session, () => operatorService.listSearchAttributes({ namespace }));
    const there = Object.keys(answer.customAttributes ?? {});
    return Object.values(SEARCH_ATTRIBUTES).filter((name) => !there.includes(name));
  } catch {
    return null;
  }
}

interface OperatorService {
  listSearchAttributes(request: { namespace: string }): Promise<{ customAttributes?: object | null }>;
}
