/** Returns the SQL for differences of owners and privileges. */
import type { Difference } from '../difference.ts';
import type { Fact } from '../fact.ts';
import { alterRelation, type ReconcileInput } from './reconcile-input.ts';
import { listOf, qualifiedName, quoted, roleSql } from '../quoted.ts';
import { type Step, step } from './statement.ts';

export function accessSteps(difference: Difference, input: ReconcileInput): Step[] {
  const { change, attribute, have = '', want = '' } = difference;
  if (change !== 'changed') return [];
  const [found, wanted] = [listOf(have), listOf(want)];
  const removed = found.filter((item) => !wanted.includes(item));
  const added = wanted.filter((item) => !found.includes(item));
  switch (attribute) {
    case 'others':
      return grantSteps(removed, added, (item, verb) => privilegeChange(item, difference, verb));
    case 'missingForOwner':
      return grantSteps(added, removed, (item, verb) => ownerPrivilegeChange(item, difference, verb));
    case 'revoked':
      return grantSteps(added, removed, (item, verb) => defaultPrivilegeChange(item, '', verb));
    case 'owner':
      return changeOwnerSteps(difference, input);
    default:
      // `missingForCurrentRole` needs no SQL: the statements for `missingForOwner` and `others` grant these privileges.
      return [];
  }
}

type Verb = 'GRANT' | 'REVOKE';

function grantSteps(
  revoked: readonly string[],
  granted: readonly string[],
  sqlOf: (item: string, verb: Verb) => string[],
) {
  const sql = [...revoked.flatMap((item) => sqlOf(item, 'REVOKE')), ...granted.flatMap((item) => sqlOf(item, 'GRANT'))];
  return sql.map((text) => step('properties', text));
}

/** Returns GRANT or REVOKE for an item such as `PUBLIC SELECT`, `reader SELECT* on invoice_id_seq` or `reader SELECT (email)`. */
function privilegeChange(item: string, { schema, table, name }: Difference, verb: Verb): string[] {
  if (name === 'new objects') return defaultPrivilegeChange(item, schema, verb);
  const [, grantee = '', right = '', grantOption, rest = ''] = /^(.+?) ([A-Z]+)(\*)?(?: (.+))?$/s.exec(item) ?? [];
  const target = grantTarget(rest, { schema, table, name });
  if (target === undefined || grantee === '') return [];
  const [, column] = /^\((.+)\)$/s.exec(rest) ?? [];
  const what = column === undefined ? right : `${right} (${quoted(column)})`;
  return [
    verb === 'GRANT'
      ? `GRANT ${what} ON ${target} TO ${roleSql(grantee)}${grantOption === undefined ? '' : ' WITH GRANT OPTION'}`
      : `REVOKE ${what} ON ${target} FROM ${roleSql(grantee)}`,
  ];
}

/** Returns GRANT or REVOKE for a privilege that the owner lost, such as `DELETE` or `USAGE on invoice_id_seq`. */
function ownerPrivilegeChange(item: string, difference: Difference, verb: Verb): string[] {
  const { name } = difference;
  if (name === 'new objects') {
    const [, grantee = '', kind = ''] = /^(.+)'s own (.+)$/s.exec(item) ?? [];
    const change =
      verb === 'GRANT' ? `GRANT ALL ON ${kind.toUpperCase()} TO` : `REVOKE ALL ON ${kind.toUpperCase()} FROM`;
    return [`ALTER DEFAULT PRIVILEGES FOR ROLE ${roleSql(grantee)} ${change} ${roleSql(grantee)}`];
  }
  const [, right = '', rest = ''] = /^([A-Z]+)(?: (.+))?$/s.exec(item) ?? [];
  const target = grantTarget(rest, difference);
  if (target === undefined) return [];
  return [
    verb === 'GRANT' ? `GRANT ${right} ON ${target} TO CURRENT_USER` : `REVOKE ${right} ON ${target} FROM CURRENT_USER`,
  ];
}

/** The object as GRANT names it. Undefined if its name is not known. */
function grantTarget(
  rest: string,
  { schema, table, name }: Pick<Difference, 'schema' | 'table' | 'name'>,
): string | undefined {
  if (name === 'migrations table')
    return rest === 'on its schema' ? 'SCHEMA drizzle' : rest === '' ? 'drizzle.__drizzle_migrations' : undefined;
  const [, sequence] = /^on (.+)$/s.exec(rest) ?? [];
  if (sequence !== undefined) return `SEQUENCE ${qualifiedName(schema, sequence)}`;
  if (table !== '') return qualifiedName(schema, table);
  const [, kind, own = ''] = /^(schema|type|function|sequence) (.+)$/s.exec(name) ?? [];
  switch (kind) {
    case 'schema':
      return `SCHEMA ${qualifiedName(schema)}`;
    case 'function':
      return `ROUTINE ${qualifiedName(schema)}.${own}`;
    case 'type':
    case 'sequence':
      return `${kind.toUpperCase()} ${qualifiedName(schema, own)}`;
    default:
      return undefined;
  }
}

/** Returns ALTER DEFAULT PRIVILEGES from an item such as `PUBLIC SELECT on tables of the migrator`. */
function defaultPrivilegeChange(item: string, schema: string, verb: Verb): string[] {
  const [, grantee = '', right = '', grantOption, kind = '', owner = ''] =
    /^(.+?) ([A-Z]+)(\*)? on (tables|sequences|functions|types|schemas) of (.+)$/s.exec(item) ?? [];
  if (grantee === '') return [];
  const inSchema = schema === '' ? '' : ` IN SCHEMA ${qualifiedName(schema)}`;
  const change = verb === 'GRANT' ? `GRANT ${right}` : `REVOKE ${right}`;
  const target =
    verb === 'GRANT'
      ? `TO ${roleSql(grantee)}${grantOption === undefined ? '' : ' WITH GRANT OPTION'}`
      : `FROM ${roleSql(grantee)}`;
  return [
    `ALTER DEFAULT PRIVILEGES FOR ROLE ${roleSql(owner)}${inSchema} ${change} ON ${kind.toUpperCase()} ${target}`,
  ];
}

/** Changes the owner to the role that runs the migrations, unless the wanted catalog names another role. */
function changeOwnerSteps({ schema, table, name, want = '' }: Difference, input: ReconcileInput): Step[] {
  const owner = want === 'none' ? 'CURRENT_USER' : quoted(listOf(want)[0] ?? '');
  if (table !== '') {
    return [step('properties', `${alterRelation({ schema, table }, input)} OWNER TO ${owner}`)];
  }
  const target = grantTarget('', { schema, table, name });
  return target === undefined || name === 'migrations table'
    ? []
    : [step('properties', `ALTER ${target} OWNER TO ${owner}`)];
}

/** The privileges that PostgreSQL grants on a new object, in the format of `others`. */
export function defaultPrivileges({ schema, table, name }: Fact, { have, want }: ReconcileInput): string {
  const kind = table !== '' ? 'tables' : `${/^\w+/.exec(name)?.[0] ?? ''}s`;
  const builtIn = kind === 'functions' ? ['PUBLIC EXECUTE'] : kind === 'types' ? ['PUBLIC USAGE'] : [];
  const suffix = ` on ${kind} of the migrator`;
  const byDefault = ['', schema].flatMap((place) => {
    const fact = { kind: 'access' as const, schema: place, table: '', name: 'new objects' };
    const { others = 'none' } = (have.find(fact) ?? want.find(fact))?.attributes ?? {};
    return listOf(others)
      .filter((item) => item.endsWith(suffix))
      .map((item) => item.slice(0, -suffix.length));
  });
  const all = [...new Set([...builtIn, ...byDefault])].toSorted();
  return all.length === 0 ? 'none' : all.join(', ');
}
