/** An SQL condition: the object is the application's own, not one that an extension brought along. */
export const isOwn = (catalog: string, oid: string): string => `not exists (
  select from pg_depend e where e.classid = '${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e')`;
