import type { Mistake } from './request-fields.js';

export interface TemporalSettings {
  /** Host, or host and port. */
  address?: string;
  namespace?: string;
  apiKey?: unknown;
  /** gRPC headers. */
  metadata?: Readonly<Record<string, unknown>>;
  env: Readonly<Record<string, string | undefined>>;
}

/**
 * The first setting of Temporal's that cannot be right, or `null`. The SDK reports these as time-outs, as type errors, or
 * not at all. No value is quoted that may be a key.
 */
export function temporalMistake(o: TemporalSettings): Mistake | null {
  if (o.address !== undefined && !isAddress(o.address)) {
    const problem = 'It is no host and port.';
    return { field: 'TEMPORAL_ADDRESS', problem, expected: 'host:port, e.g. temporal.example.com:7233.' };
  }
  if (o.namespace !== undefined && (!isPrintable(o.namespace) || o.namespace.trim() === '')) {
    const problem = 'It is no name.';
    return { field: 'TEMPORAL_NAMESPACE', problem, expected: 'The name of an existing namespace.' };
  }
  if (!isBoolean(o.env['TEMPORAL_TLS'])) {
    // Anything else would count as false, and an API key would travel in clear text.
    const problem = 'It is neither true nor false.';
    return { field: 'TEMPORAL_TLS', problem, expected: 'true or false (or 1, 0), in lower case.' };
  }
  const { apiKey } = o;
  if (typeof apiKey === 'string' && (!isPrintable(apiKey) || apiKey.trim() === '')) {
    const problem = 'It is empty, or has line breaks or other characters that no key has.';
    return { field: 'TEMPORAL_API_KEY', problem, expected: 'An API key as it was given out, in one line.' };
  }
  for (const [name, value] of Object.entries(o.metadata ?? {})) {
    if (/^[a-z0-9_.-]{1,100}$/.test(name) && (typeof value !== 'string' || isPrintable(value))) continue;
    const problem = 'Its name or its value cannot stand in a gRPC header.';
    return {
      field: 'TEMPORAL_GRPC_META_…',
      problem,
      expected: 'Letters, digits and _ in the name; printable ASCII in the value.',
    };
  }
  return null;
}

function isAddress(text: string): boolean {
  const parts = /^(?:\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i.exec(text);
  if (parts === null || text.length > 300) return false;
  return parts[1] === undefined || (Number(parts[1]) > 0 && Number(parts[1]) <= 65_535);
}

function isPrintable(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

function isBoolean(value: string | undefined): boolean {
  return value === undefined || ['', '0', '1', 'true', 'false'].includes(value);
}
