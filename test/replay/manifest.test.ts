import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { PLAYBOOK_VERSION } from '../../contract/index.js';
import { emptyFolder } from '../support/folders.js';
import {
  bundleFile,
  differences,
  type KeptVersion,
  type Manifest,
  readManifest,
  sumOf,
  unreleased,
  versionsOf,
} from './manifest.js';

describe('What is kept of released versions', () => {
  it('is byte for byte what was recorded', () => {
    assert.deepEqual(differences(readManifest()), []);
  });

  it('has histories and a bundle of each version, of this one too', () => {
    const manifest = readManifest();
    assert.ok(PLAYBOOK_VERSION in manifest, 'record this version: node --import tsx test/replay/record.ts');
    for (const [version, { histories, bundle }] of Object.entries(manifest)) {
      assert.ok(Object.keys(histories).length >= 50, version);
      assert.ok(
        bundle !== null,
        `keep a bundle of ${version}: npm run build, then the script in docs/upgrades.md`,
      );
    }
  });
});

describe('The manifest', () => {
  function kept(): { manifest: Manifest; histories: string; bundles: string } {
    const folder = emptyFolder();
    const [histories, bundles] = [join(folder, 'histories'), join(folder, 'bundles')];
    mkdirSync(join(histories, '1.0.0'), { recursive: true });
    mkdirSync(bundles);
    writeFileSync(join(histories, '1.0.0', 'a.json'), '{}\n');
    writeFileSync(bundleFile('1.0.0', bundles), 'code');
    const version: KeptVersion = {
      released: '2026-11-25',
      sdk: '1.24.0',
      histories: { 'a.json': sumOf(join(histories, '1.0.0', 'a.json')) },
      bundle: sumOf(bundleFile('1.0.0', bundles)),
    };
    return { manifest: { '1.0.0': version }, histories, bundles };
  }

  it('agrees with files that nobody touched', () => {
    const { manifest, ...folders } = kept();
    assert.deepEqual(differences(manifest, folders), []);
  });

  const spoiled: [string, (f: ReturnType<typeof kept>) => void, RegExp][] = [
    [
      'a history that was edited',
      (f) => appendFileSync(join(f.histories, '1.0.0', 'a.json'), ' '),
      /a\.json was changed/,
    ],
    ['a history that was deleted', (f) => rmSync(join(f.histories, '1.0.0', 'a.json')), /a\.json is missing/],
    [
      'a history that was put there',
      (f) => writeFileSync(join(f.histories, '1.0.0', 'b.json'), '{}'),
      /b\.json is not in the manifest/,
    ],
    [
      'a version that was put there',
      (f) => mkdirSync(join(f.histories, '1.1.0')),
      /1\.1\.0 is not in the manifest/,
    ],
    ['a bundle that was edited', (f) => appendFileSync(bundleFile('1.0.0', f.bundles), ' '), /was changed/],
    ['a bundle that was deleted', (f) => rmSync(bundleFile('1.0.0', f.bundles)), /is missing/],
    [
      'a bundle that was put there',
      (f) => writeFileSync(bundleFile('1.1.0', f.bundles), 'code'),
      /1\.1\.0\.js\.gz is not in the manifest/,
    ],
  ];
  for (const [what, spoil, said] of spoiled) {
    it(`tells ${what}`, () => {
      const found = kept();
      spoil(found);
      const wrong = differences(found.manifest, found);
      assert.equal(wrong.length, 1, wrong.join('\n'));
      assert.match(wrong[0] ?? '', said);
    });
  }

  it('lets nobody record a version anew that was released', () => {
    const { manifest } = kept();
    assert.throws(() => unreleased(manifest, '1.0.0', '1.24.0'), /1\.0\.0 was released on 2026-11-25/);
    assert.deepEqual(unreleased(manifest, '1.1.0', '1.24.0').histories, {});
  });

  it('orders versions by their numbers', () => {
    const { manifest } = kept();
    const version = manifest['1.0.0'] as KeptVersion;
    assert.deepEqual(versionsOf({ '1.10.0': version, '1.9.0': version, '1.0.0': version }), [
      '1.0.0',
      '1.9.0',
      '1.10.0',
    ]);
  });
});
