import type { Session } from '@todo/client';
import { quoted } from '@todo/migrator/catalog';
import { z } from 'zod';

import { type Check, type Finding, onlyFindings, verdict } from '../../check.ts';
import { type CodeTable, codeTables, qualifiedName, displayName, subjectOf } from '../../code-tables.ts';
import { runVerifierSql } from '../../own-sql.ts';

export const sequence: Check = {
  id: 'data/sequence',
  title: 'The next id is free, and ids will not run out soon',
  method:
    'Compares the next value of each sequence with the largest id of its table, and with the largest value of the column type.',
  why: 'The next insert fails (SQLSTATE 23505, unique_violation), or soon every insert fails.',
  remedy: "SELECT setval('…_id_seq', (SELECT max(id) FROM …));",
  mode: 'reads',
  run: ({ read, database }) =>
    read(async (session) => {
      const findings: Finding[] = [];
      for (const each of await readSequences(session, codeTables(database))) findings.push(...toFindings(each));
      return verdict(findings);
    }),
};

/** A column whose ids come from a sequence. */
const IdColumn = z.object({
  schema: z.string(),
  name: z.string(),
  column: z.string(),
  sequence: z.string(),
  /** Independent of the search path. */
  qualifiedSequence: z.string(),
  increment: z.number(),
  /** The largest value that the sequence and the type of the column allow. */
  limit: z.number(),
});

/** Both ids are null in an empty table. */
const Position = z.object({ minId: z.number().nullable(), maxId: z.number().nullable(), next: z.number() });

type IdSequence = z.infer<typeof IdColumn> & z.infer<typeof Position>;

// Finds the sequence in the column's default, which inserts use; an identity column owns its sequence.
const ID_COLUMNS = `
select n.nspname as schema, c.relname as name, a.attname as "column", s.oid::regclass::text as sequence,
  format('%I.%I', (select nspname from pg_namespace where oid = s.relnamespace), s.relname) as "qualifiedSequence", q.seqincrement::float8 as increment,
  least(q.seqmax, case a.atttypid when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647
    else 9223372036854775807 end)::float8 as "limit"
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
join unnest($1::text[], $2::text[]) wanted(schema, name) on wanted.schema = n.nspname and wanted.name = c.relname
join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
left join pg_attrdef f on f.adrelid = c.oid and f.adnum = a.attnum
join pg_depend d on d.classid = 'pg_attrdef'::regclass and d.objid = f.oid and d.refclassid = 'pg_class'::regclass
  or d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid
    and d.refobjsubid = a.attnum and d.deptype = 'i'
join pg_class s on s.relkind = 'S' and s.oid = case d.deptype when 'i' then d.objid else d.refobjid end
join pg_sequence q on q.seqrelid = s.oid
where c.relkind in ('r', 'p')`;

async function readSequences(session: Session, tables: readonly CodeTable[]): Promise<IdSequence[]> {
  const names = [tables.map(({ schema }) => schema), tables.map(({ name }) => name)];
  const columns = z.array(IdColumn).parse((await runVerifierSql(session.query(ID_COLUMNS, names))).rows);
  if (columns.length === 0) return [];
  const { rows } = await runVerifierSql(session.query(columns.map(positionSql).join(' union all ')));
  // One row for each column, in the same order.
  const positions = z.array(Position).parse(rows);
  return columns.flatMap((column, index) =>
    positions.slice(index, index + 1).map((position) => Object.assign(position, column)),
  );
}

/** A query for the smallest and largest id and the next value. Its snapshot is older than the value of the sequence, so no id is later. */
function positionSql({ column, qualifiedSequence, increment, ...table }: z.infer<typeof IdColumn>): string {
  const id = (aggregate: string) => `(select ${aggregate}(${quoted(column)}) from ${qualifiedName(table)})::float8`;
  return `select ${id('min')} as "minId", ${id('max')} as "maxId",
    (case when is_called then last_value + ${Math.sign(increment)} else last_value end)::float8 as next from ${qualifiedSequence}`;
}

const USED_SHARE_MAX = 0.8;

function toFindings(idSequence: IdSequence): Finding[] {
  const { column, sequence: name, maxId, next, limit, increment } = idSequence;
  const about = subjectOf(idSequence, column);
  const table = displayName(idSequence);
  return onlyFindings([
    willReachExistingId(idSequence) && {
      have: `the next ${table}.${column} is ${next}, and ${maxId} is taken`,
      want: `more than ${maxId}`,
      fix: `${increment < 0 ? `ALTER SEQUENCE ${name} INCREMENT BY 1 NO MAXVALUE;\n` : ''}SELECT setval('${name}', (SELECT max(${quoted(column)}) FROM ${qualifiedName(idSequence)}));`,
      about,
    },
    next > USED_SHARE_MAX * limit && {
      have: `${table}.${column} has used ${next - 1} of ${limit} values`,
      want: `less than ${USED_SHARE_MAX * 100} %`,
      why: 'When no id is left, every insert fails (SQLSTATE 2200H, sequence_generator_limit_exceeded).',
      fix: `Plan the move to bigint: a new column, filled in batches. If few ids are in use: SELECT setval('${name}', ${(maxId ?? 0) + 1});`,
      about,
    },
  ]);
}

/** Whether the sequence will reach an id that a row already has. */
function willReachExistingId({ minId, maxId, next, increment }: IdSequence): boolean {
  if (minId === null || maxId === null) return false;
  return increment > 0 ? next <= maxId : next >= minId;
}
