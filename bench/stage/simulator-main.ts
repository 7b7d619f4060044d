// The simulator as a process of its own, with what its command line does not offer: an unwritten scenario and knobs.
import { readFileSync } from 'node:fs';
import { runSimulatorProcess, type SimulatorOptions } from '../../simulator/index.js';

await runSimulatorProcess(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as SimulatorOptions);
