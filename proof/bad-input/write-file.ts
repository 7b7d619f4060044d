import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { ENDLESS, type FileContent, FOLDER, MISSING } from './texts.js';

/** Puts it there, and gives the path back. */
export function writeCase(path: string, content: FileContent): string {
  mkdirSync(dirname(path), { recursive: true });
  if (content === FOLDER) mkdirSync(path);
  else if (content === ENDLESS) symlinkSync('/dev/zero', path);
  else if (content !== MISSING) writeFileSync(path, content);
  return path;
}
