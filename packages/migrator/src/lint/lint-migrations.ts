/** Finds statements that are unsafe on a database in use, before a migration runs. */
import { hasSqlDetails, type Node, parse, type SqlError } from 'libpg-query';

import { hasFile, type Migration, type FileMigration } from '../migrate/folder.ts';
import type { Statement } from '../migrate/migration-file.ts';
import { RULES } from './rules/index.ts';
import type { StatementContext } from './statement-context.ts';

export interface Finding {
  readonly name: string;
  readonly line: number;
  readonly rule: string;
  readonly why: string;
  readonly instead: string;
  /** The finding is advice: the check prints it and passes. */
  readonly isAdvice: boolean;
}

/**
 * Parses the migrations in order with PostgreSQL's own parser, and checks the pending ones. A comment `-- allow <rule>: <reason>` above a
 * statement allows it. Text that is not valid SQL is a `syntax-error`.
 */
export async function lintMigrations(
  migrations: readonly Migration[],
  isPending: (name: string) => boolean,
): Promise<Finding[]> {
  const files = await Promise.all(migrations.filter(hasFile).map(parseFile));
  return files.flatMap((file, index) => (isPending(file.name) ? lintFile(file, index, files) : []));
}

interface ParsedFile {
  readonly name: string;
  readonly isTransactional: boolean;
  readonly statements: readonly ParseResult[];
}

async function parseFile({ name, file }: FileMigration): Promise<ParsedFile> {
  const statements = await Promise.all(file.statements.map(tryParseStatement));
  return { name, isTransactional: file.isTransactional, statements };
}

/** Checks each statement of one file, with the statements of all files around it. */
function lintFile(
  { name, isTransactional, statements }: ParsedFile,
  index: number,
  files: readonly ParsedFile[],
): Finding[] {
  const nodes = nodesOf(statements);
  const earlier = files.slice(0, index).flatMap((file) => nodesOf(file.statements));
  const later = files.slice(index + 1).flatMap((file) => nodesOf(file.statements));
  const contextOf = (node: Node): StatementContext => {
    const fileBefore = nodes.slice(0, nodes.indexOf(node));
    const fileAfter = nodes.slice(fileBefore.length + 1);
    const before = [...earlier, ...fileBefore];
    return { node, isTransactional, isFirstFile: index === 0, fileBefore, fileAfter, before, later };
  };
  return statements.flatMap(({ parsed, syntaxError }) => [
    ...(syntaxError === undefined ? [] : [{ name, ...syntaxError }]),
    ...parsed.flatMap((statement) => findBrokenRules(name, statement, contextOf(statement.node))),
  ]);
}

function findBrokenRules(name: string, { line, allowed }: ParsedStatement, context: StatementContext): Finding[] {
  const broken = RULES.filter((rule) => !allowed.has(rule.name) && rule.matches(context));
  return broken.map(({ name: rule, why, instead, isAdvice = false }) => ({ name, line, rule, why, instead, isAdvice }));
}

function nodesOf(statements: readonly ParseResult[]): Node[] {
  return statements.flatMap(({ parsed }) => parsed.map(({ node }) => node));
}

/** The text between two breakpoints: its statements, or why it cannot be parsed. */
interface ParseResult {
  readonly parsed: readonly ParsedStatement[];
  readonly syntaxError?: Omit<Finding, 'name'>;
}

async function tryParseStatement(statement: Statement): Promise<ParseResult> {
  try {
    return { parsed: await parseStatements(statement) };
  } catch (error) {
    if (!hasSqlDetails(error)) throw error;
    return { parsed: [], syntaxError: describeSyntaxError(statement, error) };
  }
}

function describeSyntaxError({ text, line }: Statement, { message, sqlDetails }: SqlError): Omit<Finding, 'name'> {
  // PostgreSQL counts characters, not UTF-16 units.
  const textBefore = Array.from(text).slice(0, sqlDetails?.cursorPosition).join('');
  return {
    line: line + textBefore.split('\n').length - 1,
    rule: 'syntax-error',
    why: `PostgreSQL cannot parse the statement: ${message}.`,
    instead: 'Correct the statement.',
    isAdvice: false,
  };
}

interface ParsedStatement {
  readonly node: Node;
  readonly line: number;
  /** The names of the rules that the comments above the statement allow it to break. */
  readonly allowed: ReadonlySet<string>;
}

/** Parses the text between two breakpoints, which may contain several statements. */
async function parseStatements({ text, line, comments }: Statement): Promise<ParsedStatement[]> {
  const { stmts = [] } = await parse(text);
  // The parser counts bytes. Some versions count the comments above a statement as a part of it.
  const bytes = Buffer.from(text);
  const statements: ParsedStatement[] = [];
  let previousEnd = 0;
  for (const { stmt: node, stmt_location: start = 0, stmt_len: length = bytes.length - start } of stmts) {
    const commentsAndStatement = bytes.toString('utf8', previousEnd, start + length);
    const [commentsAbove = ''] = /^(?:[\s;]|--.*(?:\n|$))*/.exec(commentsAndStatement) ?? [];
    const textBefore = bytes.toString('utf8', 0, previousEnd) + commentsAbove;
    // The comments above the first statement are not in `text`.
    const allowed = new Set(findAllowedRules(previousEnd === 0 ? comments : commentsAbove));
    if (node !== undefined) statements.push({ node, line: line + textBefore.split('\n').length - 1, allowed });
    previousEnd = start + length;
  }
  return statements;
}

function findAllowedRules(comments: string): string[] {
  return [...comments.matchAll(/^\s*--\s*allow\s+([a-z-]+):\s*\S/gm)].map(([, rule = '']) => rule);
}
