/** Returns the SQL for differences of owners and privileges: `have` and `want` list items such as `PUBLIC SELECT`, or are `none`. */
import type { Difference } from '../difference.ts';
import type { Fact } from '../fact.ts';
import { alterRelation, type ReconcileInput } from './reconcile-input.ts';
import { compareLists, listOf, qualifiedName, quoted, roleSql } from '../quoted.ts';
import { type Step, step } from './statement.ts';

export function accessSteps(difference: Difference, input: ReconcileInput): Step[] {
  if (difference.change !== 'changed') return [];
  const { removed, added } = compareLists(difference);
  switch (difference.attribute) {
    case 'others':
      return grantSteps(removed, added, (item, verb) => privilegeChange(item, difference, verb));
    // These two list privileges that are absent: an item that is added is revoked.
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

/** Returns the steps that revoke some items and grant others. */
function grantSteps(
  revoked: readonly string[],
  granted: readonly string[],
  sqlOf: (item: string, verb: Verb) => string[],
) {
  const sql = [...revoked.flatMap((item) => sqlOf(item, 'REVOKE')), ...granted.flatMap((item) => sqlOf(item, 'GRANT'))];
  return sql.map((text) => step('properties', text));
}

/** GRANT or REVOKE for an item: `PUBLIC SELECT`, `bob SELECT* on invoice_id_seq` (`*`: WITH GRANT OPTION) or `bob SELECT (email)`. */
function privilegeChange(item: string, difference: Difference, verb: Verb): string[] {
  if (difference.name === 'new objects') return defaultPrivilegeChange(item, difference.schema, verb);
  const [, grantee = '', right = '', grantOption, suffix = ''] = /^(.+?) ([A-Z]+)(\*)?(?: (.+))?$/s.exec(item) ?? [];
  const object = objectSql(suffix, difference);
  if (object === undefined || grantee === '') return [];
  const [, column] = /^\((.+)\)$/s.exec(suffix) ?? [];
  const privilege = column === undefined ? right : `${right} (${quoted(column)})`;
  return [grantSql(verb, `${privilege} ON ${object}`, roleSql(grantee), grantOption)];
}

function grantSql(verb: Verb, privilege: string, role: string, grantOption?: string): string {
  if (verb === 'REVOKE') return `REVOKE ${privilege} FROM ${role}`;
  return `GRANT ${privilege} TO ${role}${grantOption === undefined ? '' : ' WITH GRANT OPTION'}`;
}

/** Returns GRANT or REVOKE for a privilege that the owner lost, such as `DELETE` or `USAGE on invoice_id_seq`. */
function ownerPrivilegeChange(item: string, difference: Difference, verb: Verb): string[] {
  if (difference.name === 'new objects') {
    // Such as `the migrator's own tables`: its privileges on the tables that it creates later.
    const [, grantee = '', kind = ''] = /^(.+)'s own (.+)$/s.exec(item) ?? [];
    const role = roleSql(grantee);
    return [`ALTER DEFAULT PRIVILEGES FOR ROLE ${role} ${grantSql(verb, `ALL ON ${kind.toUpperCase()}`, role)}`];
  }
  const [, right = '', suffix = ''] = /^([A-Z]+)(?: (.+))?$/s.exec(item) ?? [];
  const object = objectSql(suffix, difference);
  return object === undefined ? [] : [grantSql(verb, `${right} ON ${object}`, 'CURRENT_USER')];
}

/** The object as GRANT and ALTER name it, or the sequence of a suffix such as `on invoice_id_seq` or `on seat of schema numbers`. */
function objectSql(suffix: string, { schema, table, name }: Difference): string | undefined {
  if (name === 'migrations table') {
    if (suffix === 'on its schema') return 'SCHEMA drizzle';
    return suffix === '' ? 'drizzle.__drizzle_migrations' : undefined;
  }
  const [, sequence, sequenceSchema = schema] = /^on (.+?)(?: of schema (.+))?$/s.exec(suffix) ?? [];
  if (sequence !== undefined) return `SEQUENCE ${qualifiedName(sequenceSchema, sequence)}`;
  if (table !== '') return qualifiedName(schema, table);
  const [, kind, objectName = ''] = /^(schema|type|function|sequence) (.+)$/s.exec(name) ?? [];
  switch (kind) {
    case 'schema':
      return `SCHEMA ${qualifiedName(schema)}`;
    case 'function':
      return `ROUTINE ${qualifiedName(schema)}.${objectName}`;
    case 'type':
    case 'sequence':
      return `${kind.toUpperCase()} ${qualifiedName(schema, objectName)}`;
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
  const change = grantSql(verb, `${right} ON ${kind.toUpperCase()}`, roleSql(grantee), grantOption);
  return [`ALTER DEFAULT PRIVILEGES FOR ROLE ${roleSql(owner)}${inSchema} ${change}`];
}

/** Changes the owner of the object and of each sequence that the difference lists. An object without a listed owner is the migrator's. */
function changeOwnerSteps(difference: Difference, input: ReconcileInput): Step[] {
  const { table, name, have = '', want = '' } = difference;
  if (name === 'migrations table') return [];
  const [haveOwners, wantOwners] = [ownersBySuffix(have), ownersBySuffix(want)];
  // The table comes before its sequences: PostgreSQL changes the owner of a sequence of a column only with the table.
  const suffixes = [...new Set([...haveOwners.keys(), ...wantOwners.keys()])];
  return suffixes.flatMap((suffix) => {
    const owner = wantOwners.get(suffix);
    const object = objectSql(suffix, difference);
    if (owner === haveOwners.get(suffix) || object === undefined) return [];
    const alter = table !== '' && suffix === '' ? alterRelation(difference, input) : `ALTER ${object}`;
    return [step('properties', `${alter} OWNER TO ${owner === undefined ? 'CURRENT_USER' : quoted(owner)}`)];
  });
}

/** Reads `bob, ann on ticket_number`: bob owns the object, with an empty suffix, and ann a sequence, with the suffix `on ticket_number`. */
function ownersBySuffix(list: string): Map<string, string> {
  return new Map(
    listOf(list).map((item): [string, string] => {
      const [, owner = '', suffix = ''] = /^(.+?)(?: (on .+))?$/s.exec(item) ?? [];
      return [suffix, owner];
    }),
  );
}

/** The privileges that PostgreSQL grants on a new object, in the format of `others`. */
export function defaultPrivileges({ schema, table, name }: Fact, { have, want }: ReconcileInput): string {
  const kind = table !== '' ? 'tables' : `${/^\w+/.exec(name)?.[0] ?? ''}s`;
  const builtIn = kind === 'functions' ? ['PUBLIC EXECUTE'] : kind === 'types' ? ['PUBLIC USAGE'] : [];
  const suffix = ` on ${kind} of the migrator`;
  // Default privileges are set for all schemas, listed with an empty schema, and for single schemas.
  const byDefault = ['', schema].flatMap((inSchema) => {
    const key = { kind: 'access' as const, schema: inSchema, table: '', name: 'new objects' };
    const { others = 'none' } = (have.find(key) ?? want.find(key))?.attributes ?? {};
    return listOf(others)
      .filter((item) => item.endsWith(suffix))
      .map((item) => item.slice(0, -suffix.length));
  });
  const all = [...new Set([...builtIn, ...byDefault])].toSorted();
  return all.length === 0 ? 'none' : all.join(', ');
}
