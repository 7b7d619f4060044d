// Docs name only what is there: relative links (and their #anchors), paths in backticks that begin with a folder of
// the project, and npm scripts.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { filesBelow, ROOMS } from './set-up/build-stamp.mjs';

const FOLDERS = [...ROOMS, 'docs', 'test', 'bench', 'proof', 'scripts', '.ci'].map((name) =>
  name.replace('.', '\\.'),
);
const PATH_IN_TICKS = new RegExp(`\`((?:${FOLDERS.join('|')})/[\\w./@-]*)\``, 'g');

/** GitHub's anchor of a heading. */
function anchorOf(heading) {
  const text = heading.replace(/`|\*\*?|\[([^\]]*)\]\([^)]*\)/g, '$1').trim();
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

function anchorsOf(markdown) {
  const prose = markdown.replace(/^```[\s\S]*?^```/gm, '');
  return new Set([...prose.matchAll(/^#+\s+(.+)$/gm)].map(([, heading]) => anchorOf(heading)));
}

/** What the Markdown file `doc` (relative to `root`) names that is not there, one sentence each. */
function mistakesOf(root, doc, scripts) {
  const text = readFileSync(join(root, doc), 'utf8');
  const mistakes = [];
  for (const [, target] of text.matchAll(/\]\(([^)\s]+)(?:\s+"[^"]*")?\)/g)) {
    if (/^[a-z][a-z0-9+.-]*:/i.test(target)) continue;
    const [path, anchor] = target.split('#');
    const file = path === '' ? join(root, doc) : resolve(root, dirname(doc), decodeURIComponent(path));
    if (!existsSync(file)) mistakes.push(`${doc} links to ${target}, which does not exist.`);
    else if (anchor && file.endsWith('.md') && !anchorsOf(readFileSync(file, 'utf8')).has(anchor)) {
      mistakes.push(`${doc} links to ${target}: no such heading.`);
    }
  }
  for (const [, path] of text.matchAll(PATH_IN_TICKS)) {
    if (!existsSync(join(root, path))) mistakes.push(`${doc} names \`${path}\`, which does not exist.`);
  }
  for (const [, script] of text.matchAll(/\bnpm run (?:-\S+ )*([a-z][\w:-]*)/g)) {
    if (!(script in scripts))
      mistakes.push(`${doc} names \`npm run ${script}\`, which package.json does not have.`);
  }
  return mistakes;
}

const root = resolve(process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url))));
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const docs = ['README.md', ...filesBelow(root, 'docs')].filter((path) => path.endsWith('.md'));
const mistakes = docs
  .filter((doc) => existsSync(join(root, doc)))
  .flatMap((doc) => mistakesOf(root, doc, scripts));
for (const mistake of mistakes) console.error(mistake);
process.exitCode = mistakes.length > 0 ? 1 : 0;
