// What `cb-playbook worker` does, without the command line: for runs from the sources.
import { parseArgs } from 'node:util';
import { runWorkerProcess, WorkerStartError } from '../../worker/index.js';

const { values } = parseArgs({
  options: {
    slots: { type: 'string' },
    'metrics-port': { type: 'string' },
    profile: { type: 'string' },
    bundle: { type: 'string' },
  },
});
const number = (text: string | undefined): number | undefined =>
  text === undefined ? undefined : Number(text);

try {
  await runWorkerProcess({
    profile: values.profile,
    bundle: values.bundle,
    slots: number(values.slots),
    metricsPort: number(values['metrics-port']),
  });
} catch (error) {
  const refused = error instanceof WorkerStartError;
  process.stderr.write(
    refused ? `${error.message}\n${error.expected}\n${error.next}\n` : `${String(error)}\n`,
  );
  process.exitCode = refused ? error.exitCode : 1;
}
