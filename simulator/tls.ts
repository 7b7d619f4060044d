import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';

export interface Certificate {
  key: string;
  cert: string;
  /** PEM file of the certificate in the system's folder for temporary files. */
  file: string;
  remove(): void;
}

/** A self-signed certificate whose name, as on a fresh server, is not the host's (API reference 1). */
export async function selfSignedCertificate(): Promise<Certificate> {
  const name = 'Self-signed Carbon Black Enterprise Server HTTPS Certificate';
  const pems = await generate([{ name: 'commonName', value: name }], { keySize: 2048, algorithm: 'sha256' });
  const folder = mkdtempSync(join(tmpdir(), 'cb-simulator-'));
  const file = join(folder, 'ca.pem');
  writeFileSync(file, pems.cert, { mode: 0o600 });
  return {
    key: pems.private,
    cert: pems.cert,
    file,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
