/** Whether a DO block runs SQL that it puts together itself, as PostgreSQL's parser of PL/pgSQL reads it. */
import { type Node, parsePlPgSQLSync } from 'libpg-query';

import { nodeAs } from './statement-context.ts';

export function executesText(node: Node): boolean {
  const options = (nodeAs(node, 'DoStmt')?.args ?? []).flatMap((option) => nodeAs(option, 'DefElem') ?? []);
  const textOf = (name: string) => nodeAs(options.find(({ defname }) => defname === name)?.arg, 'String')?.sval;
  const body = textOf('as');
  return body !== undefined && (textOf('language') ?? 'plpgsql') === 'plpgsql' && isDynamic(body);
}

/** EXECUTE, FOR … IN EXECUTE; OPEN … FOR EXECUTE and RETURN QUERY EXECUTE. */
const DYNAMIC = new Set(['PLpgSQL_stmt_dynexecute', 'PLpgSQL_stmt_dynfors', 'dynquery']);

function isDynamic(body: string): boolean {
  let found = false;
  JSON.stringify(readBlock(body), (key, value: unknown) => {
    found ||= DYNAMIC.has(key);
    return value;
  });
  return found;
}

/** Undefined where the parser refuses the block, as PostgreSQL then does: no statement of it runs. */
function readBlock(body: string): unknown {
  try {
    return parsePlPgSQLSync(`DO '${body.replaceAll("'", "''")}'`);
  } catch {
    return undefined;
  }
}
