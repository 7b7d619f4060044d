// A worker of the bare workflow as a process of its own: prints one line when it polls. Argument: Temporal's address.
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { BARE_QUEUE } from './shape.js';

Runtime.install({ logger: new DefaultLogger('ERROR') });
const connection = await NativeConnection.connect({ address: process.argv[2] });
const worker = await Worker.create({
  connection,
  taskQueue: BARE_QUEUE,
  workflowsPath: fileURLToPath(new URL('./bare-workflow.ts', import.meta.url)),
  activities: { nothing: async (text: string): Promise<string> => text },
});
console.log(JSON.stringify({ ready: true }));
await worker.run();
await connection.close();
