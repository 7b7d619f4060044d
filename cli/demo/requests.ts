import type { ContainRequest } from '../../contract/index.js';
import { BadInputError } from '../bad-input.js';

/** What the demo asks for in each shipped scenario. */
const REQUESTS: Record<string, ContainRequest> = {
  'evil-sticky-notes': { hostname: 'win7pro64', processName: 'vnc.exe' },
  'look-alikes': { hostname: 'web1', processName: 'tool.exe' },
  'mac-and-linux': { hostname: 'macbook-of-ann', processName: 'eviltool' },
  reinstalled: { hostname: 'reborn-pc', processName: 'evil.exe' },
  respawner: { hostname: 'respawn-pc', processName: 'evil.exe' },
  unkillable: { hostname: 'denied-pc', processName: 'evil.exe' },
};

export function demoRequest(scenario: string): ContainRequest {
  const request = REQUESTS[scenario];
  if (request !== undefined) return { ...request, reason: 'demo', requestedBy: 'demo' };
  throw new BadInputError(
    `The demo has no scenario ${JSON.stringify(scenario)}.`,
    `One of ${Object.keys(REQUESTS).join(', ')}.`,
    'Give one of these; other scenarios run with cb-playbook simulator --scenario.',
  );
}
