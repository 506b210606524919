/** Whether a DO block executes dynamic SQL, according to PostgreSQL's PL/pgSQL parser. */
import { type Node, parsePlPgSQLSync } from 'libpg-query';

import { nodeAs } from './statement-context.ts';

export function executesDynamicSql(node: Node): boolean {
  const options = (nodeAs(node, 'DoStmt')?.args ?? []).flatMap((option) => nodeAs(option, 'DefElem') ?? []);
  const textOf = (name: string) => nodeAs(options.find(({ defname }) => defname === name)?.arg, 'String')?.sval;
  const body = textOf('as');
  return body !== undefined && (textOf('language') ?? 'plpgsql') === 'plpgsql' && isDynamic(body);
}

/** EXECUTE, FOR … IN EXECUTE; OPEN … FOR EXECUTE and RETURN QUERY EXECUTE. */
const DYNAMIC_STATEMENT_KEYS = new Set(['PLpgSQL_stmt_dynexecute', 'PLpgSQL_stmt_dynfors', 'dynquery']);

function isDynamic(body: string): boolean {
  let found = false;
  // The replacer visits every key of the syntax tree. The text is not used.
  JSON.stringify(readBlock(body), (key, value: unknown) => {
    found ||= DYNAMIC_STATEMENT_KEYS.has(key);
    return value;
  });
  return found;
}

/** Undefined if the parser refuses the block. PostgreSQL then refuses it as well, and runs none of its statements. */
function readBlock(body: string): unknown {
  try {
    return parsePlPgSQLSync(`DO '${body.replaceAll("'", "''")}'`);
  } catch {
    return undefined;
  }
}
