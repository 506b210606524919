/** Finds dynamic SQL in DO blocks, with PostgreSQL's PL/pgSQL parser. */
import { type Node, parsePlPgSQLSync } from 'libpg-query';

import { nodeAs } from './statement-context.ts';

/** Whether the statement is a DO block whose PL/pgSQL body executes dynamic SQL. */
export function executesDynamicSql(node: Node): boolean {
  const options = (nodeAs(node, 'DoStmt')?.args ?? []).flatMap((option) => nodeAs(option, 'DefElem') ?? []);
  const optionText = (name: string) => nodeAs(options.find(({ defname }) => defname === name)?.arg, 'String')?.sval;
  // The parser calls the body the option `as`.
  const body = optionText('as');
  return body !== undefined && (optionText('language') ?? 'plpgsql') === 'plpgsql' && containsDynamicSql(body);
}

/** EXECUTE, FOR … IN EXECUTE; OPEN … FOR EXECUTE and RETURN QUERY EXECUTE. */
const DYNAMIC_STATEMENT_KEYS = new Set(['PLpgSQL_stmt_dynexecute', 'PLpgSQL_stmt_dynfors', 'dynquery']);

function containsDynamicSql(body: string): boolean {
  let isFound = false;
  // The replacer visits every key of the syntax tree. The text is not used.
  JSON.stringify(parseBlock(body), (key, value: unknown) => {
    isFound ||= DYNAMIC_STATEMENT_KEYS.has(key);
    return value;
  });
  return isFound;
}

/** Undefined if the parser refuses the block. PostgreSQL then refuses the block as well, and runs none of its statements. */
function parseBlock(body: string): unknown {
  try {
    return parsePlPgSQLSync(`DO '${body.replaceAll("'", "''")}'`);
  } catch {
    return undefined;
  }
}
