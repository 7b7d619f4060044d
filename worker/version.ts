import { readFileSync } from 'node:fs';

/** The version in package.json, which is one folder up in the source tree and two in dist/. */
export function ownVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      return (JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { version: string })
        .version;
    } catch {
      continue;
    }
  }
  return 'unknown';
}
