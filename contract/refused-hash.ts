const EMPTY_FILE_MD5 = 'D41D8CD98F00B204E9800998ECF8427E';

/** Why an MD5 must never be banned, or `null`: the hash of the empty file, and zeros (API reference 7). */
export function refusedHash(md5: string): string | null {
  const upper = md5.toUpperCase();
  if (!/^[0-9A-F]{32}$/.test(upper)) return 'It is not an MD5 (32 hex digits).';
  if (upper === EMPTY_FILE_MD5) return 'It is the hash of the empty file: a ban would hit every empty file.';
  if (/^0{32}$/.test(upper)) return 'It is all zeros, the server’s placeholder for "unknown".';
  return null;
}
