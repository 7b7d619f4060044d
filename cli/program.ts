import { Command, Option } from 'commander';
import type { Output } from './output.js';
import { addApprovalFlags, addApprovalVerbs } from './program-approval.js';
import { addGuardVerbs } from './program-guards.js';
import { addLeaseVerbs, type Done, json } from './program-leases.js';
import { addPolicyFlags, addPolicyVerbs } from './program-policy.js';
import { addRequestFlags } from './program-request.js';
import { addSelftest } from './program-selftest.js';
import type { CancelFlags } from './verbs/cancel.js';
import type { ContainFlags } from './verbs/contain.js';
import type { DemoFlags } from './verbs/demo.js';
import type { SimulatorFlags } from './verbs/simulator.js';
import type { WorkerFlags } from './verbs/worker.js';
import { packageVersion } from './version.js';

const ID = 'name of the host, or the exact workflow id of the containment';

/**
 * The command line. Loads commander only: each verb's module, and with it Temporal, the worker or the simulator,
 * is loaded when that verb runs.
 */
export function buildProgram(output: Output, done: Done): Command {
  const program = new Command('cb-playbook')
    .description(
      'Contain an endpoint with Carbon Black Response: isolate, kill, ban, as one durable Temporal workflow.',
    )
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => output.answer({ help: text }, text.trimEnd()),
      writeErr: () => undefined,
    });
  addContain(program, output, done);
  addStatus(program, output, done);
  addReceipt(program, output, done);
  addCancel(program, output, done);
  addApprovalVerbs(program, output, done);
  addLeaseVerbs(program, output, done);
  addPolicyVerbs(program, output, done);
  addGuardVerbs(program, output, done);
  addWorker(program, done);
  addDoctor(program, output, done);
  addSelftest(program, output, done);
  addSimulator(program, done);
  addDemo(program, output, done);
  return program;
}

function addContain(program: Command, output: Output, done: Done): void {
  const command = program
    .command('contain')
    .description('Isolate a host, find and kill a process, ban its hash; or join the containment that runs.');
  addRequestFlags(command);
  command
    .option('--wait <duration>', 'wait for the end this long, e.g. 15m (default: until it ends)')
    .option('--no-wait', 'return once the run is started or joined');
  addPolicyFlags(command);
  addApprovalFlags(command);
  json(command).action(async (flags: ContainFlags) => {
    const { contain } = await import('./verbs/contain.js');
    done(await contain(flags, output));
  });
}

function addStatus(program: Command, output: Output, done: Done): void {
  json(
    program
      .command('status')
      .description('What a containment is doing; how a host is isolated, by whom, until when.')
      .argument('<id>', `${ID}; a lease (isolation/<sensor>) and sensor-<id> too`),
  ).action(async (id: string) => {
    const { status } = await import('./verbs/status.js');
    done(await status(id, output));
  });
}

function addReceipt(program: Command, output: Output, done: Done): void {
  json(
    program
      .command('receipt')
      .description('The receipt of a containment that has ended; exits with its verdict. Needs no worker.')
      .argument('<id>', ID),
  ).action(async (id: string) => {
    const { receipt } = await import('./verbs/receipt.js');
    done(await receipt(id, output));
  });
}

function addCancel(program: Command, output: Output, done: Done): void {
  json(
    program
      .command('cancel')
      .description('Stop a containment; its failure policy decides what is undone.')
      .argument('<id>', ID)
      .addOption(new Option('--keep', 'undo nothing').conflicts('release'))
      .addOption(new Option('--release', 'undo everything this run did'))
      .option('--reason <text>', 'why'),
  ).action(async (id: string, flags: CancelFlags) => {
    const { cancel } = await import('./verbs/cancel.js');
    done(await cancel(id, flags, output));
  });
}

function addWorker(program: Command, done: Done): void {
  program
    .command('worker')
    .description('Run a worker: it does the work of every containment, on as many machines as you like.')
    .option('--profile <name>', 'profile of credentials.response; the environment goes first')
    .option('--bundle <file>', 'prebuilt workflow bundle (default: the one beside this program)')
    .option(
      '--policy <file>',
      'guard rails of every run; default: CB_PLAYBOOK_POLICY, else the built-in ones',
    )
    .option('--slots <n>', 'Live Response sessions at once; 0 for none', '8')
    .option('--metrics-port <n>', 'serve Prometheus metrics there')
    .option('--evidence-dir <folder>', 'keep copies of binaries there, for contain --evidence file')
    .action(async (flags: WorkerFlags) => {
      const { worker } = await import('./verbs/worker.js');
      done(await worker(flags));
    });
}

function addDoctor(program: Command, output: Output, done: Done): void {
  json(
    program
      .command('doctor')
      .description('Check the Cb server, Temporal, the task queues and the search attributes.')
      .option('--profile <name>', 'profile of credentials.response'),
  ).action(async (flags: { profile?: string }) => {
    const { doctor } = await import('./verbs/doctor.js');
    done(await doctor(flags, output));
  });
}

function addSimulator(program: Command, done: Done): void {
  program
    .command('simulator')
    .description(
      'Run a simulated Cb Response server on loopback; prints one JSON line {"url","token","ca"} when ready.',
    )
    .option('--scenario <name>', 'a shipped scenario, or the path of a scenario file', 'evil-sticky-notes')
    .option('--port <n>', 'port; 0 takes a free one', '0')
    .option('--tls', 'https with a self-signed certificate')
    .option('--token <token>', 'API token that it accepts')
    .option('--check-in <duration>', "the sensors' check-in interval, e.g. 5s (default: the scenario's)")
    .addOption(new Option('--profile <version>', 'version of the server').choices(['5.2', '6.2', '7.5']))
    .action(async (flags: SimulatorFlags) => {
      const { simulator } = await import('./verbs/simulator.js');
      done(await simulator(flags));
    });
}

function addDemo(program: Command, output: Output, done: Done): void {
  program
    .command('demo')
    .description('Temporal dev server, simulator, worker and one containment, on this machine, live.')
    .option('--scenario <name>', 'scenario of the simulator', 'evil-sticky-notes')
    .option('--keep', 'keep everything up until Ctrl-C')
    .action(async (flags: DemoFlags) => {
      const { demo } = await import('./verbs/demo.js');
      done(await demo(flags, output));
    });
}
