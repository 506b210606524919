import { isNotFromExtension } from '@todo/migrator/catalog';
import { z } from 'zod';

import { subjectOf } from '../../code-tables.ts';
import { defineCatalogCheck } from './catalog-check.ts';

/** A query for the privileges that an access list grants to PUBLIC, as one text; null if there are none. */
const rightsOf = (acl: string, condition = 'true'): string => `
  select string_agg(a.privilege_type, ', ' order by a.privilege_type) as words from aclexplode(${acl}) a
  where a.grantee = 0 and ${condition}`;

const tables = `
select 'TABLE ' || format('%I.%I', r.nspname, r.relname) as target, rights.words as rights, r.nspname as schema, r.relname as "table"
from relation r, lateral (${rightsOf('r.relacl')}) rights`;

const columns = `
select 'TABLE ' || format('%I.%I', r.nspname, r.relname), rights.words, r.nspname, r.relname
from relation r, lateral (
  select string_agg(a.privilege_type || ' (' || quote_ident(c.attname) || ')', ', ' order by c.attnum, a.privilege_type) as words
  from pg_attribute c, aclexplode(c.attacl) a
  where c.attrelid = r.oid and not c.attisdropped and a.grantee = 0) rights`;

const sequences = `
select 'SEQUENCE ' || format('%I.%I', s.nspname, c.relname), rights.words, t.nspname, t.relname
from pg_class c join own_schema s on s.oid = c.relnamespace
left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0
left join relation t on t.oid = d.refobjid, lateral (${rightsOf('c.relacl')}) rights
where c.relkind = 'S' and ${isNotFromExtension('pg_class', 'c.oid')}`;

const schemas = `
select 'SCHEMA ' || quote_ident(n.nspname), rights.words, null, null
from own_schema n, lateral (${rightsOf('n.nspacl', `a.privilege_type = 'CREATE'`)}) rights`;

const databases = `
select 'DATABASE ' || quote_ident(d.datname), rights.words, null, null
from pg_database d, lateral (${rightsOf('d.datacl', `a.privilege_type = 'CREATE'`)}) rights
where d.datname = current_database()`;

// PUBLIC may execute each new function, unless the owner's default privileges revoke that.
const functions = `
select 'ROUTINE ' || quote_ident(p.nspname) || '.' || p.signature, rights.words, null, null
from routine p, lateral (${rightsOf('p.proacl')}) rights
where not p.prosecdef and exists (
  select from pg_default_acl d where d.defaclrole = p.proowner and d.defaclobjtype = 'f' and d.defaclnamespace = 0
    and not exists (select from aclexplode(d.defaclacl) a where a.grantee = 0))`;

// Functions such as pg_read_file: initdb revokes EXECUTE on these from PUBLIC.
const ofPostgres = `
select 'FUNCTION ' || p.oid::regprocedure, rights.words, null, null
from pg_proc p join pg_init_privs i on i.classoid = 'pg_proc'::regclass and i.objoid = p.oid and i.privtype = 'i',
  lateral (${rightsOf('p.proacl')}) rights
where not exists (select from aclexplode(i.initprivs) a where a.grantee = 0)`;

export const publicGrant = defineCatalogCheck({
  id: 'security/public-grant',
  title: 'No right is granted to PUBLIC',
  method:
    'Looks in the catalog for rights of PUBLIC on tables, views, columns and sequences, CREATE on schemas and on the database, and EXECUTE on functions whose default excludes PUBLIC.',
  why: 'Every role that can connect has the right, also roles that are created later for another purpose.',
  remedy: 'REVOKE … ON … FROM PUBLIC; GRANT … TO the roles that need it; in a migration: pnpm db:generate --custom',
  severity: 'warning',
  rows: `
    select target, rights, schema, "table"
    from (${[tables, columns, sequences, schemas, databases, functions, ofPostgres].join('\nunion all')}) granted
    where rights is not null order by 1, 2`,
  row: z.object({
    target: z.string(),
    rights: z.string(),
    schema: z.string().nullable(),
    table: z.string().nullable(),
  }),
  toFinding: ({ target, rights, schema, table }) => ({
    have: `PUBLIC has ${rights} on ${target}`,
    want: 'rights for the roles that need them',
    fix: `REVOKE ${rights} ON ${target} FROM PUBLIC;`,
    ...(schema !== null && table !== null && { about: subjectOf({ schema, name: table }) }),
    follows: ['schema/privileges'],
  }),
});
