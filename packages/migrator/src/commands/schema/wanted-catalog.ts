/** Reads the catalog that the schema in the code describes: runs the SQL for the schema on an empty database, and reads its catalog. */
import { isSqlState } from '@todo/client/errors';
import { connectSession, type Session } from '@todo/client/session';
import { z } from 'zod';

import { type Fact, readCatalog } from '../../catalog/index.ts';
import { quoted } from '../../catalog/quoted.ts';
import type { DatabaseDefinition } from '../../database-definition.ts';
import type { OpenShadow } from '../../migrate/replay.ts';
import { CommandFailure, EXIT, rootCause } from '../failure.ts';
import { createStatements, snapshotOf } from './snapshot.ts';

/**
 * @param liveFacts the catalog of the database to compare with. The schema may use its extensions, types and functions, which Drizzle cannot
 * declare: these are created on the shadow first.
 */
export async function readWantedCatalog(
  database: DatabaseDefinition,
  openShadow: OpenShadow,
  liveFacts: readonly Fact[],
): Promise<Fact[]> {
  await using shadow = await openShadow();
  await using session = await connectSession(shadow.url);
  for (const role of rolesOf(database)) await runAll(session, [`create role ${quoted(role)}`]);
  await runAll(session, liveFacts.flatMap(createStatementsFor));
  const [failure] = await runAll(session, await createStatements(database));
  if (failure !== undefined) throw schemaFailedError(failure);
  return await readCatalog(session);
}

interface Failure {
  readonly statement: string;
  readonly error: unknown;
}

/** Runs the statements, and repeats the failed ones as long as any statement succeeds: a statement may need an object of a later one. */
async function runAll(session: Session, statements: readonly string[]): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const statement of statements) {
    try {
      await session.query(statement);
    } catch (error) {
      if (!isSqlState(rootCause(error).code)) throw error;
      if (!isExistingRole(statement, error)) failures.push({ statement, error });
    }
  }
  if (failures.length === 0 || failures.length === statements.length) return failures;
  const failed = failures.map(({ statement }) => statement);
  return runAll(session, failed);
}

/** Whether the role exists (`duplicate_object`): roles belong to the whole server, and another run may have created it. */
function isExistingRole(statement: string, error: unknown): boolean {
  return /^create role /i.test(statement) && rootCause(error).code === '42710';
}

function schemaFailedError({ statement, error }: Failure): CommandFailure {
  const { message, code } = rootCause(error);
  return new CommandFailure(
    EXIT.failed,
    'Nothing was done: the SQL for the schema does not run on an empty database. Correct the schema in the code.\n' +
      `  ${message} (SQLSTATE ${code})\n  in: ${statement.trim()}`,
  );
}

/** The statements that create an object that Drizzle cannot declare. None for other objects. */
function createStatementsFor({ kind, schema, table, name, attributes }: Fact): string[] {
  const { definition = '', installedIn = 'public' } = attributes;
  switch (kind) {
    case 'extension':
      return [
        `create schema if not exists ${quoted(installedIn)}`,
        `create extension if not exists ${quoted(name)} schema ${quoted(installedIn)}`,
      ];
    case 'type': {
      // The schema declares its enums itself.
      if (attributes['kind'] === 'enum' || attributes['kind'] === 'base') return [];
      const keyword = attributes['kind'] === 'domain' ? 'domain' : 'type';
      return [`create ${keyword} ${quoted(schema)}.${quoted(name)} as ${definition}`];
    }
    case 'domain constraint':
      return [`alter domain ${quoted(schema)}.${quoted(table)} add constraint ${quoted(name)} ${definition}`];
    case 'function':
      return [`set check_function_bodies = off; ${definition}`];
    default:
      return [];
  }
}

const Policies = z.record(z.string(), z.object({ to: z.array(z.string()).optional() }));
const TablesWithPolicies = z.object({ tables: z.record(z.string(), z.object({ policies: Policies })) });

/** The roles that policies name. The keywords for roles are left out. */
function rolesOf(database: DatabaseDefinition): string[] {
  const { tables } = TablesWithPolicies.parse(snapshotOf(database));
  const names = Object.values(tables).flatMap(({ policies }) => Object.values(policies).flatMap(({ to = [] }) => to));
  return [...new Set(names)].filter((name) => !/^(public|current_user|current_role|session_user)$/i.test(name));
}
