import type { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { KillProgress } from '../contract/index.js';

/**
 * What the last heartbeat of a run's `enumerateAndKill` told, `null` where it runs not, or told nothing yet. While it waits for
 * its next try only the server still knows.
 */
export async function readProgress(
  context: Context,
  { workflowId, runId }: { workflowId: string; runId: string },
): Promise<KillProgress | null> {
  const { client } = context;
  const { raw } = await client.workflow.getHandle(workflowId, runId).describe();
  const pending = raw.pendingActivities?.find((a) => a.activityType?.name === 'enumerateAndKill');
  const payloads = pending?.heartbeatDetails?.payloads;
  return payloads == null ? null : await firstOf(client, payloads);
}

async function firstOf(client: Client, encoded: Payloads): Promise<KillProgress | null> {
  const { payloadConverter, payloadCodecs } = client.options.loadedDataConverter;
  let payloads = encoded;
  for (const codec of [...payloadCodecs].reverse()) payloads = await codec.decode(payloads);
  const [first] = payloads;
  return first === undefined ? null : payloadConverter.fromPayload<KillProgress>(first);
}

type Payloads = Parameters<Client['options']['loadedDataConverter']['payloadCodecs'][number]['decode']>[0];
