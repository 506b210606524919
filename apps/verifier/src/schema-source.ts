/** Finds the line that defines a table, or a part of it, in the source text of a schema. The source is not executed. */
import type { Place, Subject } from './check.ts';

export interface Source {
  /** From the root of the checkout, with slashes. */
  readonly file: string;
  readonly text: string;
}

/** Returns the place of a table or a part; for a part without its own line, that of its table. Undefined if no call of Drizzle has the name. */
export function findInSchema(sources: readonly Source[], subject: Subject): Place | undefined {
  const definition = findDefinition(sources, subject);
  if (definition === undefined) return undefined;
  const { source, start, end } = definition;
  const body = source.text.slice(start, end);
  const partIndex = subject.name === undefined ? undefined : findPart(body, subject.table, subject.name);
  // Without a part: the line of the first quote, which begins the name of the table.
  return { file: source.file, line: lineAt(source.text, start + (partIndex ?? body.search(/['"`]/))) };
}

interface Definition {
  readonly source: Source;
  /** The range of the call, from its name to its closing bracket. */
  readonly start: number;
  readonly end: number;
  readonly callee: string;
}

/** The call that defines the table: in the right schema and by Drizzle if possible, else by one of the two. */
function findDefinition(sources: readonly Source[], { schema = 'public', table }: Subject): Definition | undefined {
  const found = sources.flatMap((source) => definitionsOf(source, table));
  const schemaVariables = variablesOfSchema(sources, schema);
  const isInSchema = ({ callee }: Definition) =>
    schema === 'public' ? !callee.includes('.') : schemaVariables.some((variable) => callee.startsWith(`${variable}.`));
  // The last resort is `found.find(isInSchema)`: a function of `pgTableCreator` may have any name.
  const isDrizzle = ({ callee }: Definition) => /^pg[A-Z]|\./.test(callee);
  return found.find((each) => isInSchema(each) && isDrizzle(each)) ?? found.find(isInSchema) ?? found.find(isDrizzle);
}

/** Calls whose first argument is the name: `pgTable('todo', …)`, `audit.table('event', …)`, `pgEnum('mood', …)`. */
function definitionsOf(source: Source, name: string): Definition[] {
  const call = new RegExp(String.raw`([\w$]+(?:\.[\w$]+)?)\(\s*${literalOf(name)}\s*[,)]`, 'g');
  return [...source.text.matchAll(call)]
    .filter(([, callee = '']) => !PARTS.test(callee))
    .map(({ 1: callee = '', index }) => {
      const end = endOfCall(source.text, index + callee.length);
      return { source, start: index, end, callee };
    });
}

/** Functions whose first argument is not the name of a table: they define a part of a table, or load a module. */
const PARTS =
  /^(index|uniqueIndex|unique|check|primaryKey|foreignKey|varchar|char|text|integer|serial|import|require)$/;

/** The variables that hold a schema: `audit` in `const audit = pgSchema('audit')`. */
function variablesOfSchema(sources: readonly Source[], schema: string): string[] {
  const call = new RegExp(String.raw`\b(?:const|let|var)\s+([\w$]+)[^=;]*=\s*pgSchema\(\s*${literalOf(schema)}`, 'g');
  return sources.flatMap(({ text }) => [...text.matchAll(call)].map(([, variable = '']) => variable));
}

/** A regular expression for a string literal of a name, in any quotes. */
function literalOf(name: string): string {
  return `['"\`]${escapeRegExp(name)}['"\`]`;
}

/** Escapes a name for a regular expression. */
export function escapeRegExp(name: string): string {
  return name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** The index of a part (a column, a constraint, an index) in the text that defines its table. */
function findPart(text: string, table: string, name: string): number | undefined {
  if (name === `${table}_pkey`) return indexOf(text, /\.primaryKey\(|\bprimaryKey\(/);
  const column = columnOfSequence(table, name);
  return indexOf(text, new RegExp(literalOf(column))) ?? indexOfKey(text, column) ?? indexInName(text, table, name);
}

/** The index of the key of a column, as in `userId: integer()`: the key is the column's name, as it is or in camel case. */
function indexOfKey(text: string, column: string): number | undefined {
  const camel = column.replaceAll(/_+(\w)/g, (_, letter: string) => letter.toUpperCase());
  const keys = [column, camel]
    .map((key) => key.replaceAll('$', String.raw`\$`))
    .filter((key) => /^[\w$\\]+$/.test(key));
  return keys.length === 0 ? undefined : indexOf(text, new RegExp(String.raw`\b(?:${keys.join('|')})\s*:`));
}

/** The index of the column in a constraint's name that Drizzle generated: `author_id` in `book_author_id_author_id_fk`. */
function indexInName(text: string, table: string, name: string): number | undefined {
  if (!name.startsWith(`${table}_`)) return undefined;
  const words = name.slice(table.length + 1).split('_');
  for (let count = words.length - 1; count > 0; count -= 1) {
    const column = words.slice(0, count).join('_');
    const index = indexOf(text, new RegExp(literalOf(column))) ?? indexOfKey(text, column);
    if (index !== undefined) return index;
  }
  return undefined;
}

function indexOf(text: string, pattern: RegExp): number | undefined {
  const index = text.search(pattern);
  return index === -1 ? undefined : index;
}

/** The index after the bracket that closes the one at `start`; brackets in strings and comments do not count. */
function endOfCall(text: string, start: number): number {
  // Strings, comments and brackets. A string or comment is one match, so the brackets inside are skipped.
  const tokens = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/\/.*|\/\*[^]*?\*\/|[()]/g;
  tokens.lastIndex = start;
  let depth = 0;
  for (let token = tokens.exec(text); token !== null; token = tokens.exec(text)) {
    if (token[0] === '(') depth += 1;
    if (token[0] === ')') depth -= 1;
    if (depth === 0 && token[0] === ')') return tokens.lastIndex;
  }
  return text.length;
}

/** The number of the line at an index, from 1. */
export function lineAt(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}

/** The column of a sequence that PostgreSQL created for it, such as `id` for `todo_id_seq`; any other name unchanged. */
export function columnOfSequence(table: string, name: string): string {
  return name.startsWith(`${table}_`) && name.endsWith('_seq') ? name.slice(table.length + 1, -'_seq'.length) : name;
}
