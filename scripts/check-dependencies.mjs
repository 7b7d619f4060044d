// The lock file: does it install everywhere, from any registry, and does protobufjs 8 sit at the top (the replay of
// JSON histories breaks under version 7)? Is it decided of every package with an install script whether npm may run it?
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

/** npm 11 warns at every install of a script that package.json's `allowScripts` neither allows nor denies. */
function undecidedScripts({ packages }, { allowScripts = {} }) {
  const undecided = Object.entries(packages).flatMap(
    ([path, { hasInstallScript, inBundle, name, version }]) => {
      // npm never runs those of bundled packages, and they cannot be listed.
      if (!hasInstallScript || inBundle) return [];
      const own = name ?? path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      return own in allowScripts || `${own}@${version}` in allowScripts ? [] : [own];
    },
  );
  return [...new Set(undecided)].map(
    (name) =>
      `${name} has an install script, and "allowScripts" of package.json does not say whether npm may run it. ` +
      `Add "${name}": false, or true where the package does not work without.`,
  );
}

const root = resolve(process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url))));
const read = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));
const lock = read('package-lock.json');
const mistakes = [...mistakesOf(lock), ...undecidedScripts(lock, read('package.json'))];
const fromSdk = createRequire(createRequire(import.meta.url).resolve('@temporalio/proto'));
const { version } = fromSdk('protobufjs/package.json');
if (!version.startsWith('8.')) mistakes.push(`@temporalio/proto loads protobufjs ${version}, expected 8.x.`);
for (const mistake of mistakes) console.error(mistake);
process.exitCode = mistakes.length > 0 ? 1 : 0;
