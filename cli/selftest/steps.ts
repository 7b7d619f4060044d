import { containmentId, type ContainRequest } from '../../contract/index.js';
import { type LiveCommand, type LiveProcess } from './cb.js';
import { steady } from './hand.js';
import { containMs, type Lab, sensorOf, sessionOptions, undoMs } from './lab.js';
import { inSession, type Live } from './live.js';
import { isMarker, makeMarker, type Marker, markerPath, startHint } from './marker.js';
import { waitingForWorker } from './no-worker.js';

/** The net under a self-test that is ended from outside: the isolation then ends by itself, counted from the run's end. */
const LEASE = '15m';
const RANDOM_BYTES = 48;
const MOST_PROGRAM_BYTES = 8 * 1024 * 1024;
/** File exists: our own earlier try, for nobody else uses that name. Windows, macOS and Linux. */
const EXISTS = [2_147_942_480, 17];
/** File or folder not found. */
export const NOT_FOUND = [2_147_942_402, 2_147_942_403, 2];
const SEEN_TRIES = 5;
const SEEN_EVERY_MS = 1_000;

/** A hash that nobody has, in a program that runs until it is killed; its session is closed again. */
export async function makeAndStart(lab: Lab): Promise<void> {
  const sensor = sensorOf(lab);
  const { recipe, receipt } = lab;
  if (recipe === null) throw new Error('There is no recipe for this system.');
  await inSession(lab.hand, sessionOptions(lab, false), async (live) => {
    const path = markerPath(recipe, sensor.osType, receipt.id);
    lab.marker ??= makeMarker({
      program: await fetchFile(lab, live, recipe.program),
      random: lab.deps.random(RANDOM_BYTES),
      id: receipt.id,
      path,
    });
    const { md5, bytes } = lab.marker;
    receipt.marker = { program: recipe.program, path, md5, bytes, pid: null, guid: null };
    await requireNewHash(lab, md5);
    await putOnHost(lab, live, lab.marker);
    const process = await startMarker(lab, live, lab.marker, recipe.args);
    // As the list has it: the containment goes by that.
    lab.marker = { ...lab.marker, path: process.path };
    Object.assign(receipt.marker, { path: process.path, pid: process.pid, guid: process.guid });
  });
}

/** A ban is global: nothing but the hash of what was made here is ever given to it. */
async function requireNewHash(lab: Lab, md5: string): Promise<void> {
  const ban = await steady(lab.hand, (o) => lab.hand.cb.bans.get(md5, o));
  if (ban !== null) throw new Error(`The server knows ${md5} already, which is to be the marker's alone.`);
}

async function fetchFile(lab: Lab, live: Live, path: string): Promise<Buffer> {
  const { cb } = lab.hand;
  const got = await live.run({ name: 'get file', object: path });
  if (got.status !== 'complete' || got.fileId === null) throw ended(`Fetching ${path}`, got);
  const { fileId } = got;
  try {
    return await steady(lab.hand, async (o) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      for await (const chunk of await cb.liveResponse.fileContent(live.sessionId, fileId, o)) {
        chunks.push(chunk as Buffer);
        bytes += (chunk as Buffer).length;
        if (bytes > MOST_PROGRAM_BYTES)
          throw new Error(`${path} is larger than ${MOST_PROGRAM_BYTES} bytes: name a smaller program.`);
      }
      return Buffer.concat(chunks);
    });
  } finally {
    await dropUpload(lab, live, fileId);
  }
}

/** The server's own copy goes with the session in any case. */
async function dropUpload(lab: Lab, live: Live, fileId: number): Promise<void> {
  await steady(lab.hand, (o) => lab.hand.cb.liveResponse.deleteFile(live.sessionId, fileId, o)).catch(
    () => undefined,
  );
}

async function putOnHost(lab: Lab, live: Live, { path, content }: Marker): Promise<void> {
  const { cb } = lab.hand;
  const name = path.split(/[\\/]/).at(-1) ?? path;
  const fileId = await steady(lab.hand, (o) =>
    cb.liveResponse.uploadFile(live.sessionId, { name, content }, o),
  );
  lab.fileMade = true;
  const put = await live.run({ name: 'put file', object: path, file_id: fileId });
  await dropUpload(lab, live, fileId);
  if (put.status !== 'complete' && !EXISTS.includes(put.resultCode ?? -1))
    throw ended(`Writing ${path}`, put);
  if (sensorOf(lab).osType === 'windows') return;
  const mode = await live.run({ name: 'create process', object: `/bin/chmod 755 ${path}`, wait: true });
  if (mode.status !== 'complete' || (mode.returnCode ?? 0) !== 0)
    throw ended(`Making ${path} executable`, mode);
}

async function startMarker(lab: Lab, live: Live, marker: Marker, args: string): Promise<LiveProcess> {
  const before = await find(live, marker);
  if (before !== null) return before;
  lab.started = true;
  const quoted = sensorOf(lab).osType === 'windows' ? `"${marker.path}"` : marker.path;
  const started = await live.run({ name: 'create process', object: `${quoted} ${args}`, wait: false });
  if (started.status !== 'complete') {
    throw new Error(`${ended('Starting the marker', started).message} ${startHint(sensorOf(lab).osType)}`);
  }
  for (let left = SEEN_TRIES; left > 0; left -= 1) {
    const seen = await find(live, marker);
    if (seen !== null) return seen;
    await lab.hand.clock.sleep(SEEN_EVERY_MS, lab.hand.signal);
  }
  throw new Error(
    `The marker was started and does not run: it ended at once. ${startHint(sensorOf(lab).osType)}`,
  );
}

/** The marker's process, by its name that no other has; `null`: it does not run. */
export async function find(live: Live, { path }: Pick<Marker, 'path'>): Promise<LiveProcess | null> {
  return (await live.processes()).find((process) => isMarker(process.path, path)) ?? null;
}

/** Exactly this file with exactly this hash: whatever else the host runs cannot be killed by it, nor anything else banned. */
export function containmentOf(lab: Lab): ContainRequest {
  const { request, receipt, marker } = lab;
  if (marker === null) throw new Error('There is no marker to contain.');
  return {
    hostname: request.hostname ?? sensorOf(lab).computerName,
    sensorId: sensorOf(lab).id,
    processPath: marker.path,
    processMd5: marker.md5,
    banScope: 'instance',
    onFailure: 'release',
    offline: 'fail',
    lease: LEASE,
    reason:
      `cb-playbook selftest ${receipt.id}${request.reason === undefined ? '' : `: ${request.reason}`}`.slice(
        0,
        900,
      ),
    requestId: `selftest-${receipt.id}`,
    ...(request.by === undefined ? {} : { requestedBy: request.by }),
  };
}

/** Through the playbook, as everybody does. */
export async function contain(lab: Lab): Promise<void> {
  const request = containmentOf(lab);
  const run = await lab.deps.playbook
    .containEndpoint(request, { signal: lab.hand.signal })
    .catch(async (error: unknown) => {
      lab.run = await ownRun(lab, request, error);
      throw error;
    });
  if (run.how === 'joined') {
    lab.receipt.notes.push(
      `${run.workflowId} was started by somebody else meanwhile, and the self-test's request was added to it.`,
    );
    throw new Error(`${run.workflowId} runs for somebody else too: it is not the self-test's to undo.`);
  }
  lab.run = { workflowId: run.workflowId, runId: run.runId };
  await lab.deps.save(lab.receipt);
  lab.receipt.contain = await waitingForWorker(lab, containMs(lab), run.noWorker, (o) =>
    run.waitForReceipt(o),
  );
  const { verdict, summary, problems } = lab.receipt.contain;
  if (verdict === 'contained') return;
  const said = problems.map(({ type, message }) => `${type}: ${message}`);
  throw new Error([`The containment ended ${verdict}: ${summary}`, ...said].join(' '));
}

/** The run that was started although its start failed; `null`: there is none that could be told. */
async function ownRun(lab: Lab, request: ContainRequest, error: unknown): Promise<Lab['run']> {
  const named = (error as { run?: Lab['run'] } | null)?.run;
  if (named) return named;
  try {
    const status = await lab.deps.playbook.status(containmentId(request));
    const ours = status.requestedBy.length === 1 && status.requestedBy[0]?.requestId === request.requestId;
    return ours ? { workflowId: status.workflowId, runId: status.runId } : null;
  } catch {
    return null;
  }
}

/** Undo of exactly that run, its release confirmed by the sensor. */
export async function undo(lab: Lab): Promise<void> {
  if (lab.run === null) throw new Error('No containment was started.');
  const { workflowId, runId } = lab.run;
  const { by } = lab.request;
  lab.receipt.undo = await lab.deps.playbook.undo(workflowId, {
    apply: true,
    runId,
    reason: `cb-playbook selftest ${lab.receipt.id}`,
    ...(by === undefined ? {} : { who: by }),
    waitMs: undoMs(lab),
    signal: lab.hand.signal,
  });
  const { verdict, summary } = lab.receipt.undo;
  if (verdict === 'partly') throw new Error(summary);
  lab.undone = true;
}

/** Asked once more for the file that it has just deleted, a host says that there is none. */
export async function deleteMarker(lab: Lab, live: Live, path: string): Promise<'deleted' | 'gone'> {
  let outcome: 'deleted' | 'gone' = 'gone';
  for (let left = SEEN_TRIES; ; left -= 1) {
    const command = await live.run({ name: 'delete file', object: path });
    if (command.status !== 'complete' && NOT_FOUND.includes(command.resultCode ?? -1)) break;
    if (command.status === 'complete') outcome = 'deleted';
    else if (left === 0) throw ended(`Deleting ${path}`, command);
    // A file is in use for a moment after its process has ended.
    else await lab.hand.clock.sleep(SEEN_EVERY_MS, lab.hand.signal);
    if (left === 0) throw new Error(`${path} is said to be deleted, and is still there.`);
  }
  lab.fileMade = false;
  return outcome;
}

function ended(what: string, { status, resultCode, returnCode, resultDesc }: LiveCommand): Error {
  const code = resultCode === null ? '' : `, code ${resultCode} (0x${resultCode.toString(16)})`;
  const exit = returnCode === null ? '' : `, exit ${returnCode}`;
  return new Error(`${what} ended ${status}${code}${exit}${resultDesc ? `: ${resultDesc}` : ''}.`);
}
