/** OpenTelemetry's stable names for database operations: https://opentelemetry.io/docs/specs/semconv/database/postgresql. */
import type { Attributes } from '@opentelemetry/api';

import type { OperationEvent } from '../diagnostics/index.ts';
import { isSqlState } from '../errors/sql-state.ts';
import type { OperationKind } from '../requests/observer.ts';

/** The operation and the database, for example `SELECT todo`, as in the conventions. The name contains no values. */
export function spanName(kind: OperationKind, { database, statements }: OperationEvent): string {
  const operation = statements.length === 0 ? kind : operationName(statements);
  return [operation, database].filter(Boolean).join(' ') || kind;
}

export function operationAttributes(kind: OperationKind, event: OperationEvent): Attributes {
  const { host, port, database, statements } = event;
  return {
    'db.system.name': 'postgresql',
    'db.namespace': database,
    // A URL has an IPv6 address in brackets.
    'server.address': host?.replaceAll(/[[\]]/g, ''),
    'server.port': port,
    'db.operation.name': operationName(statements),
    'db.query.text': statements.length === 0 ? undefined : statements.join('; '),
    // One statement is no batch.
    'db.operation.batch.size': kind === 'batch' && statements.length > 1 ? statements.length : undefined,
  };
}

export function failureAttributes({ error, code }: Pick<OperationEvent, 'error' | 'code'>): Attributes {
  return {
    'error.type': code ?? error,
    'db.response.status_code': isSqlState(code) ? code : undefined,
  };
}

/** The command, or `BATCH` and the command if all statements have the same one. Undefined for one statement that begins with no command. */
function operationName(statements: readonly string[]): string | undefined {
  const commands = new Set(statements.map(commandOf));
  const [command] = commands.size === 1 ? commands : [];
  return statements.length > 1 ? ['BATCH', command].filter(Boolean).join(' ') : command;
}

function commandOf(statement: string): string | undefined {
  return /^\s*([a-z]+)\b/i.exec(statement)?.[1]?.toUpperCase();
}
