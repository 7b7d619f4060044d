import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import {
  bundleFile,
  BUNDLES,
  differences,
  HISTORIES,
  readManifest,
  versionsOf,
} from '../../test/replay/manifest.js';
import { emptyFolder } from '../../test/support/folders.js';

export interface OldBundle {
  version: string;
  released: string | null;
  /** The SDK it was made with, and the one that is here. */
  sdk: string;
  sdkHere: string;
  /** Unpacked, as `worker --bundle` takes it. */
  path: string;
}

/** The oldest bundle that is kept; throws where it is not byte for byte what was kept. */
export function oldestBundle(): OldBundle {
  const manifest = readManifest();
  const version = versionsOf(manifest).find((v) => manifest[v]?.bundle != null);
  const kept = version === undefined ? undefined : manifest[version];
  if (version === undefined || kept === undefined)
    throw new Error('No bundle is kept: node --import tsx proof/upgrade/keep.ts.');
  const wrong = differences(manifest, { histories: HISTORIES, bundles: BUNDLES });
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  const path = join(emptyFolder(), `${version}.js`);
  writeFileSync(path, gunzipSync(readFileSync(bundleFile(version))));
  const { version: sdkHere } = createRequire(import.meta.url)('@temporalio/worker/package.json') as {
    version: string;
  };
  return { version, released: kept.released, sdk: kept.sdk, sdkHere, path };
}
