import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What is kept of one version of the playbook. */
export interface KeptVersion {
  /** ISO 8601 day of its release, or `null`: until then it may be recorded anew. */
  released: string | null;
  /** Of `@temporalio/worker`: a bundle is good only for the SDK it was made with. */
  sdk: string;
  /** SHA-256 by file name, in hex: of its histories, and of its workflow bundle as it is kept (gzip). */
  histories: Record<string, string>;
  bundle: string | null;
}

export type Manifest = Record<string, KeptVersion>;

const here = fileURLToPath(new URL('.', import.meta.url));
export const MANIFEST_FILE = join(here, 'manifest.json');
export const HISTORIES = join(here, 'histories');
export const BUNDLES = fileURLToPath(new URL('../../proof/upgrade/bundles', import.meta.url));

export function readManifest(file = MANIFEST_FILE): Manifest {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : {};
}

export function writeManifest(manifest: Manifest): void {
  writeFileSync(MANIFEST_FILE, `${JSON.stringify(manifest, null, 2)}\n`);
}

export function bundleFile(version: string, folder = BUNDLES): string {
  return join(folder, `${version}.js.gz`);
}

export function sumOf(file: string): string {
  return createHash('sha256').update(readFileSync(file)).digest('hex');
}

/** Oldest first, by the numbers of the version. */
export function versionsOf(manifest: Manifest): string[] {
  return Object.keys(manifest).sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
}

/** The entry of a version that is still to be released; a new one where there is none. Throws for one that was released. */
export function unreleased(manifest: Manifest, version: string, sdk: string): KeptVersion {
  const kept = manifest[version];
  if (kept?.released != null)
    throw new Error(
      `Version ${version} was released on ${kept.released}: what is kept of it stays as it is. ` +
        'Give package.json the next version first.',
    );
  return { released: null, sdk, histories: kept?.histories ?? {}, bundle: kept?.bundle ?? null };
}

/** Where the kept files are not what the manifest says, one sentence each: changed, missing, or never recorded. */
export function differences(
  manifest: Manifest,
  folders: { histories: string; bundles: string } = { histories: HISTORIES, bundles: BUNDLES },
): string[] {
  const wrong: string[] = [];
  const check = (file: string, sum: string): void => {
    if (!existsSync(file)) wrong.push(`${file} is missing: bring it back from git.`);
    else if (sumOf(file) !== sum)
      wrong.push(`${file} was changed: what is kept is never edited, bring it back from git.`);
  };
  for (const version of versionsOf(manifest)) {
    const { histories, bundle } = manifest[version] as KeptVersion;
    const folder = join(folders.histories, version);
    for (const [name, sum] of Object.entries(histories)) check(join(folder, name), sum);
    for (const name of namesIn(folder)) {
      if (!(name in histories))
        wrong.push(`${join(folder, name)} is not in the manifest: histories are recorded, not put there.`);
    }
    if (bundle !== null) check(bundleFile(version, folders.bundles), bundle);
  }
  for (const version of namesIn(folders.histories)) {
    if (!(version in manifest)) wrong.push(`${join(folders.histories, version)} is not in the manifest.`);
  }
  for (const name of namesIn(folders.bundles)) {
    const version = name.replace('.js.gz', '');
    if (manifest[version]?.bundle == null)
      wrong.push(`${join(folders.bundles, name)} is not in the manifest: bundles are kept by the script.`);
  }
  return wrong;
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
