import type { HostPlan } from './schedule.js';

/** What a request asks to be killed; the words of the request itself. */
export interface Selector {
  name?: string;
  path?: string;
  md5?: string;
}

/**
 * Whether a process is one that a selector asks for. Written anew and as plainly as can be, so that it shares no mistake with
 * the playbook: the paths that schedules draw are plain ASCII.
 */
export function isWanted(
  selector: Selector,
  os: HostPlan['os'],
  process: { path: string; md5: string },
): boolean {
  const form = (text: string): string =>
    os === 'windows' ? text.toLowerCase() : text.replace(/ \(deleted\)$/, '');
  const path = form(process.path);
  const base = path.split(os === 'windows' ? '\\' : '/').at(-1);
  if (selector.name !== undefined && base !== form(selector.name)) return false;
  if (selector.path !== undefined && path !== form(selector.path)) return false;
  return selector.md5 === undefined || selector.md5.toLowerCase() === process.md5.toLowerCase();
}
