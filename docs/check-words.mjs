/** Fails if a file has a word that `glossary.md` replaces. The last column of the glossary lists these words. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const GLOSSARY = 'docs/glossary.md';
/** Files that may use the words: the glossary, this file, the list of changes (old names), and the lock file (names of packages). */
const LEFT_OUT = new Set([GLOSSARY, 'CHANGELOG.md', 'docs/check-words.mjs', 'pnpm-lock.yaml']);
/** Folders with text of others, or with names that applications give their tables. */
const FOLDERS_LEFT_OUT = new Set(['node_modules', 'dist', 'migrations', 'schemas', 'rows', 'samples', 'seed']);

const replacements = readReplacements();
const pattern = new RegExp(String.raw`(?<![\w-])(${[...replacements.keys()].join('|')})(?![\w-])`, 'gi');
const found = filesIn('').flatMap(findWords);
for (const { place, word } of found)
  process.stderr.write(`${place}: "${word}": write "${replacements.get(word.toLowerCase())}"\n`);
if (found.length > 0) {
  process.stderr.write(`Words that ${GLOSSARY} replaces were found ${found.length} times.\n`);
  process.exitCode = 1;
}

/** @returns {Map<string, string>} for each word to replace, in lower case, the term of the glossary. */
function readReplacements() {
  const rows = readFileSync(`${ROOT}${GLOSSARY}`, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) => line.split('|').map((cell) => cell.trim()));
  return new Map(
    rows.flatMap(([, term = '', , words = '']) =>
      [...words.matchAll(/`([^`]+)`/g)].map(([, word = '']) => [word.toLowerCase(), term]),
    ),
  );
}

/**
 * The paths of the text files in a folder, relative to the root, with `/`. Hidden files and folders are left out, except `.github`.
 * @param {string} folder
 * @returns {string[]}
 */
function filesIn(folder) {
  return readdirSync(`${ROOT}${folder}`, { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (entry.name.startsWith('.') && entry.name !== '.github') return [];
    if (entry.isDirectory()) return FOLDERS_LEFT_OUT.has(entry.name) ? [] : filesIn(`${path}/`);
    return /\.(ts|mjs|md|yml)$/.test(path) && !LEFT_OUT.has(path) ? [path] : [];
  });
}

/**
 * Finds the words to replace in the name and the text of a file.
 * @param {string} file
 * @returns {{ place: string, word: string }[]}
 */
function findWords(file) {
  const inName = [...file.matchAll(pattern)].map(([word]) => ({ place: file, word }));
  const inText = readFileSync(`${ROOT}${file}`, 'utf8')
    .split('\n')
    .flatMap((line, index) => [...line.matchAll(pattern)].map(([word]) => ({ place: `${file}:${index + 1}`, word })));
  return [...inName, ...inText];
}
