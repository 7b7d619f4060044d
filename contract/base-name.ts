/** The last part of a path, with both kinds of slash; `''` where the path ends in one. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
