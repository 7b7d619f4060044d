// The simulator as a process of its own, with what its command line does not offer: an unwritten scenario and knobs.
import { runSimulatorProcess, type SimulatorOptions } from '../../simulator/index.js';

await runSimulatorProcess(JSON.parse(process.argv[2] ?? '') as SimulatorOptions);
