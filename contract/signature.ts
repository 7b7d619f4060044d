/** The server's word for a signature that holds; expired, broken and untrusted ones have words of their own. */
export function isGoodSignature(signed: string | null): boolean {
  return signed?.trim().toLowerCase() === 'signed';
}

/** A signature whose certificate has run out: the file is its publisher's all the same. */
export function isExpiredSignature(signed: string | null): boolean {
  return signed?.trim().toLowerCase() === 'expired';
}
