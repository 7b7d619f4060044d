// The lock file: does it install everywhere, from any registry, and does protobufjs 8 sit at the top (the replay of
// JSON histories breaks under version 7)?
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What is wrong with a lock file (parsed), one sentence each. */
function mistakesOf(lock) {
  const { packages } = lock;
  const mistakes = [];
  const named = Object.keys(packages).filter((path) => 'resolved' in packages[path]);
  if (named.length > 0) {
    mistakes.push(
      `${named.length} entries name the host they came from (first: ${named[0]}). ` +
        'Keep omit-lockfile-registry-resolved=true in .npmrc and let npm write the file again.',
    );
  }
  for (const parent of ['@swc/core', 'oxc-parser']) {
    const wanted = packages[`node_modules/${parent}`]?.optionalDependencies ?? {};
    if (Object.keys(wanted).length === 0)
      mistakes.push(`${parent} has no platform packages in the lock file.`);
    for (const [name, version] of Object.entries(wanted)) {
      const found = packages[`node_modules/${name}`]?.version;
      if (found === version) continue;
      mistakes.push(
        `${name} ${version} (a platform package of ${parent}) is ${found ?? 'missing'} in the lock file: npm ci would ` +
          'fail there. Pin by "overrides" a version whose platform packages the registry has.',
      );
    }
  }
  const hoisted = packages['node_modules/protobufjs']?.version ?? 'none';
  if (!hoisted.startsWith('8.')) mistakes.push(`protobufjs at the top is ${hoisted}, expected 8.x.`);
  return mistakes;
}

const root = resolve(process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url))));
const mistakes = mistakesOf(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));
const fromSdk = createRequire(createRequire(import.meta.url).resolve('@temporalio/proto'));
const { version } = fromSdk('protobufjs/package.json');
if (!version.startsWith('8.')) mistakes.push(`@temporalio/proto loads protobufjs ${version}, expected 8.x.`);
for (const mistake of mistakes) console.error(mistake);
process.exitCode = mistakes.length > 0 ? 1 : 0;
