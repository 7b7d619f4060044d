import type { HostStatus } from '../../client/host-types.js';
import type { Output } from '../output.js';

/** Tells on stderr what each look brought, where it is news. */
export function lookNoter(output: Output): (host: HostStatus) => void {
  let said = '';
  return ({ summary }) => {
    if (summary !== said) output.note(summary);
    said = summary;
  };
}
