/** The SQL that removes what surrounds a table and was never asked for. */
import type { Difference } from './compare-catalogs.ts';
import { alter, quoted } from './quoted.ts';

/** Statements in order, without semicolons; none where that takes thought. */
export function reconcileSurroundings({ kind, table, name, change, attribute, have = '' }: Difference): string[] {
  if (kind === 'row security')
    return table === '' ? [`ALTER TABLE ${LEDGER} DISABLE ROW LEVEL SECURITY`] : rowSecurityRemedy(table, have);
  if (kind === 'access') return change === 'changed' ? accessRemedy(table, name, attribute, have) : [];
  if (kind === 'storage') return attribute === 'tablespace' ? [`${alter(table)} SET TABLESPACE pg_default`] : [];
  if (change !== 'extra') return [];
  if (kind === 'object') return dropObject(name);
  return [`DROP ${kind.toUpperCase()} ${quoted(name)} ON ${table === '' ? LEDGER : `public.${quoted(table)}`}`];
}

// It belongs to no table of ours, and its facts name none.
const LEDGER = 'drizzle.__drizzle_migrations';

function rowSecurityRemedy(table: string, have: string): string[] {
  const force =
    have.includes('owner') || have.includes('forced') ? [`${alter(table)} NO FORCE ROW LEVEL SECURITY`] : [];
  return have.startsWith('enabled') ? [`${alter(table)} DISABLE ROW LEVEL SECURITY`, ...force] : force;
}

/** What is listed as `PUBLIC SELECT, reader SELECT on invoice_id_seq`, one statement for each. */
function accessRemedy(table: string, name: string, attribute: string | undefined, have: string): string[] {
  if (attribute !== 'others' || !['schema public', 'database', table].includes(name)) return [];
  return have.split(', ').flatMap((grant) => {
    const [, grantee = '', right = '', sequence, column] = /^(.+?) ([A-Z]+)(?: on (\S+)| \((.+)\))?$/.exec(grant) ?? [];
    const role = grantee === 'PUBLIC' ? grantee : quoted(grantee);
    if (name === 'database') return [];
    if (table === '') return [`REVOKE ${right} ON SCHEMA public FROM ${role}`];
    if (sequence !== undefined) return [`REVOKE ${right} ON SEQUENCE public.${quoted(sequence)} FROM ${role}`];
    const columns = column === undefined ? '' : ` (${quoted(column)})`;
    return [`REVOKE ${right}${columns} ON public.${quoted(table)} FROM ${role}`];
  });
}

/** `name` is the kind and the object's own name, as PostgreSQL prints it: quoted and qualified where it must be. */
function dropObject(name: string): string[] {
  const [, kind, rest] = /^(function|operator) (?!class |family )(.+)$/.exec(name) ?? [];
  if (kind !== undefined) return [`DROP ${kind === 'function' ? 'ROUTINE' : 'OPERATOR'} ${rest}`];
  const [, other = '', own = ''] = /^(type|collation|publication|event trigger) (.+)$/.exec(name) ?? [];
  if (other === '') return [];
  const isInSchema = ['type', 'collation'].includes(other);
  return [`DROP ${other.toUpperCase()} ${isInSchema ? 'public.' : ''}${quoted(own)}`];
}
