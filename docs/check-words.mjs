/** Fails where a tracked file has a word that `glossary.md` replaces. The glossary's last column is the list. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const GLOSSARY = 'docs/glossary.md';
/** Names that applications give their tables, text of others, old names in the list of changes, and the glossary itself. */
const LEFT_OUT = [
  GLOSSARY,
  'CHANGELOG.md',
  'docs/check-words.mjs',
  '**/migrations/**',
  '**/schemas/**',
  '**/rows/**',
  '**/samples/**',
  '**/seed/**',
  'bench/package-lock.json',
  'pnpm-lock.yaml',
];

const replacements = readReplacements();
const pattern = new RegExp(String.raw`(?<![\w-])(${[...replacements.keys()].join('|')})(?![\w-])`, 'gi');
const found = trackedFiles().flatMap(findWords);
for (const { place, word } of found)
  process.stderr.write(`${place}: "${word}": write "${replacements.get(word.toLowerCase())}"\n`);
if (found.length > 0) {
  process.stderr.write(`Words that ${GLOSSARY} replaces were found ${found.length} times.\n`);
  process.exitCode = 1;
}

/** @returns {Map<string, string>} the term by each word that it replaces. */
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

/** @returns {string[]} */
function trackedFiles() {
  const left = LEFT_OUT.map((path) => `:(exclude,glob)${path}`);
  const listed = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', '*.ts', '*.mjs', '*.md', '*.yml', ...left],
    { cwd: ROOT },
  );
  return listed
    .toString('utf8')
    .split('\0')
    .filter((file) => file !== '');
}

/**
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
