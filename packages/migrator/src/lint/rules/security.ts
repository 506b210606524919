/** Security: privileges and policies, and the privileges with which a function runs. */
import type { DefElem, GrantStmt, Node, VariableSetStmt } from 'libpg-query';

import { dropsObjectInUse, isCreatedBefore, objectName } from '../objects.ts';
import { STATEMENT_BREAK, type Rule } from '../rule.ts';
import { commandsInUse, nodeAs, type StatementContext } from '../statement-context.ts';

export const SECURITY: readonly Rule[] = [
  {
    name: 'drop-policy',
    why: 'Without a permissive policy, the running code does not see its rows. Without a restrictive policy, other roles may see them.',
    instead:
      'Use ALTER POLICY, or DROP and CREATE with the same name in one transaction. To remove the policy, allow the statement.',
    bad: 'DROP POLICY own_rows ON task;',
    good: `CREATE POLICY own_rows ON task USING (true);${STATEMENT_BREAK}ALTER POLICY own_rows ON task USING (is_done);`,
    matches: (context) => {
      const drop = nodeAs(context.node, 'DropStmt');
      return drop?.removeType === 'OBJECT_POLICY' && dropsObjectInUse(drop, context);
    },
  },
  {
    name: 'row-security-off',
    why: 'Without row security, every role with rights on the table sees all rows. Without FORCE, the owner of the table sees them.',
    instead: 'Create a policy for the role that needs all rows.',
    bad: 'ALTER TABLE task DISABLE ROW LEVEL SECURITY;',
    good: 'CREATE POLICY all_rows ON task TO CURRENT_USER USING (true);',
    matches: (context) => commandsInUse(context).some(({ subtype = '' }) => WEAKENS_ROW_SECURITY.has(subtype)),
  },
  {
    name: 'grant-to-public',
    why: 'PUBLIC is every role, also each role that is created later.',
    instead: 'GRANT to the roles that need it, by name.',
    bad: 'GRANT SELECT ON task TO PUBLIC;',
    good: 'GRANT SELECT ON task TO CURRENT_USER;',
    matches: ({ node }) => {
      const grant = nodeAs(node, 'AlterDefaultPrivilegesStmt')?.action ?? nodeAs(node, 'GrantStmt');
      return grant?.is_grant === true && isToPublic(grant);
    },
  },
  {
    name: 'revoke',
    why: 'The running code may need the privilege: its next statement fails.',
    instead: 'First deploy code that does not need the privilege; then allow the statement here.',
    bad: 'REVOKE SELECT ON task FROM PUBLIC;',
    good: '-- allow revoke: each role that reads the table has its own privilege\nREVOKE SELECT ON task FROM PUBLIC;',
    matches: (context) => {
      const role = nodeAs(context.node, 'GrantRoleStmt');
      const grant = nodeAs(context.node, 'GrantStmt');
      return (role !== undefined && role.is_grant !== true) || (grant !== undefined && revokesExisting(grant, context));
    },
  },
  {
    name: 'definer-search-path',
    why: 'The function runs with the rights of its owner, and the search_path of the caller chooses its tables and functions.',
    instead:
      'Write SET search_path = pg_catalog, pg_temp in the definition, and qualify names with their schema in the body.',
    bad: `CREATE FUNCTION busy() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM task';`,
    good:
      'CREATE FUNCTION busy() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp ' +
      `AS 'SELECT count(*) FROM public.task';`,
    matches: ({ node }) => {
      const created = nodeAs(node, 'CreateFunctionStmt')?.options ?? [];
      const options = [...created, ...(nodeAs(node, 'AlterFunctionStmt')?.actions ?? [])];
      const elements = options.flatMap((option) => nodeAs(option, 'DefElem') ?? []);
      return elements.some(isDefiner) && !elements.some((element) => setsSearchPath(settingOf(element)));
    },
  },
];

const WEAKENS_ROW_SECURITY = new Set(['AT_DisableRowSecurity', 'AT_NoForceRowSecurity']);

function isToPublic({ grantees = [] }: GrantStmt): boolean {
  return grantees.some((grantee: Node) => nodeAs(grantee, 'RoleSpec')?.roletype === 'ROLESPEC_PUBLIC');
}

/** Whether the statement is a REVOKE on an object that existed before the file: on a new object, no running code loses a privilege. */
function revokesExisting({ is_grant: isGrant, objects = [] }: GrantStmt, context: StatementContext): boolean {
  return isGrant !== true && !objects.every((object) => isCreatedBefore(objectName(object), context));
}

function isDefiner({ defname, arg }: DefElem): boolean {
  return defname === 'security' && nodeAs(arg, 'Boolean')?.boolval === true;
}

function settingOf({ defname, arg }: DefElem): VariableSetStmt | undefined {
  return defname === 'set' ? nodeAs(arg, 'VariableSetStmt') : undefined;
}

function setsSearchPath(setting: VariableSetStmt | undefined): boolean {
  return setting?.name === 'search_path' && ['VAR_SET_VALUE', 'VAR_SET_CURRENT'].includes(setting.kind ?? '');
}
