import { z } from 'zod';
import { exactText, id, num, numOrNull, text, textOrNull } from './check.js';
import { normalGuid, parseProcessGuid } from './process-guid.js';
import { fromEpochSeconds } from './times.js';
import type { LiveCommand, LiveFile, LiveProcess, LiveSession } from './types.js';

/** Both cases of every word are met, and more than one spelling (API reference 4.5, 4.9). */
const STATUS_WORDS: Readonly<Record<string, string>> = {
  closed: 'close',
  canceled: 'cancel',
  cancelled: 'cancel',
  completed: 'complete',
  in_progress: 'in progress',
};

const status = z
  .string()
  .trim()
  .toLowerCase()
  .transform((word) => STATUS_WORDS[word] ?? word);

/** API reference 4.1. */
export const sessionSchema = z
  .object({
    id,
    sensor_id: id,
    hostname: text,
    status,
    create_time: numOrNull,
    check_in_timeout: numOrNull,
    supported_commands: z.array(z.string()).nullish(),
  })
  .transform((raw): LiveSession => ({
    id: raw.id,
    sensorId: raw.sensor_id,
    hostname: raw.hostname,
    status: raw.status,
    createTime: fromEpochSeconds(raw.create_time),
    checkinTimeoutS: raw.check_in_timeout,
    supportedCommands: raw.supported_commands ?? [],
  }));

/** API reference 4.7. */
const processSchema = z
  .object({
    pid: id,
    parent: numOrNull,
    proc_guid: z.string().min(36),
    parent_guid: textOrNull,
    path: exactText,
    command_line: exactText,
    create_time: numOrNull,
    sid: text,
    username: text,
  })
  .transform((raw): LiveProcess => ({
    guid: normalGuid(raw.proc_guid),
    pid: raw.pid,
    parentPid: raw.parent,
    parentGuid: raw.parent_guid === null ? null : normalGuid(raw.parent_guid),
    path: raw.path,
    commandLine: raw.command_line,
    username: raw.username,
    sid: raw.sid,
    createTime: raw.create_time ?? parseProcessGuid(raw.proc_guid)?.createTime ?? 0,
  }));

/** API reference 4.5. The documents say `completion_time`, the wire `completion`. */
export const commandSchema = z
  .object({
    id,
    session_id: id,
    name: text,
    object: z.unknown().optional(),
    status,
    username: textOrNull,
    result_code: numOrNull,
    result_type: textOrNull,
    result_desc: textOrNull,
    completion: numOrNull,
    completion_time: numOrNull,
    file_id: numOrNull,
    pid: numOrNull,
    return_code: numOrNull,
    processes: z.array(processSchema).nullish(),
  })
  .transform((raw): LiveCommand => ({
    id: raw.id,
    sessionId: raw.session_id,
    name: raw.name,
    object: typeof raw.object === 'string' || typeof raw.object === 'number' ? raw.object : null,
    status: raw.status,
    username: raw.username,
    // An HRESULT is unsigned on the wire; a signed one is the same 32 bits.
    resultCode: raw.result_code === null ? null : raw.result_code >>> 0,
    resultType: raw.result_type,
    resultDesc: raw.result_desc,
    completion: fromEpochSeconds(raw.completion ?? raw.completion_time),
    fileId: raw.file_id,
    pid: raw.pid,
    returnCode: raw.return_code,
    processes: raw.processes ?? null,
  }));

/** What an upload answers (API reference 4.6). */
export const uploadSchema = z.object({ id: num });

/** API reference 4.6. */
export const fileSchema = z
  .object({ id: num, size: numOrNull, size_uploaded: numOrNull })
  .transform((raw): LiveFile => ({ id: raw.id, size: raw.size, sizeUploaded: raw.size_uploaded }));
