/** PostgreSQL's verdicts on thousands of values of one column in one statement. */
import { type Column, getTableName } from 'drizzle-orm';

import { connectSession } from '@todo/client/session';

/** The value that a query returns afterwards, or the SQLSTATE of the failed insert, or JavaScript's error if nothing was sent. */
export type Verdict = { readonly stored: unknown } | { readonly refused: string };

export interface ColumnJudge extends AsyncDisposable {
  judge(column: Column, values: readonly unknown[]): Promise<Verdict[]>;
}

/**
 * Inserts each value alone, as the driver would send it, and removes it at once. One statement judges many values, and no value affects the
 * next.
 */
export async function columnJudge(url: string): Promise<ColumnJudge> {
  const session = await connectSession(url);
  await session.query(JUDGE);
  return {
    judge: async (column, values) => {
      const sent = values.map((value) => asSent(column, value));
      const bytes = sent.map((text) => (typeof text === 'string' ? Buffer.from(text).toString('hex') : null));
      const { rows } = await session.query('select code, stored from pg_temp.judge($1, $2, $3, $4)', [
        getTableName(column.table),
        column.name,
        column.getSQLType().replace(/\(\d+\)|^serial$/, (match) => (match === 'serial' ? 'integer' : '')),
        bytes,
      ]);
      return rows.map(({ code, stored }, index): Verdict => {
        const text = sent[index];
        if (typeof text !== 'string') return { refused: text?.refused ?? 'not sent' };
        if (typeof code === 'string' && code !== STORED) return { refused: code };
        return { stored: column.mapFromDriverValue(parsed(column, String(stored))) };
      });
    },
    [Symbol.asyncDispose]: () => session.close(),
  };
}

/** The text of a parameter. The protocol sends every type as text. */
function asSent(column: Column, value: unknown): string | { readonly refused: string } {
  try {
    return String(column.mapToDriverValue(value));
  } catch (error) {
    return { refused: String(error) };
  }
}

/** The driver's parsed form of a column's text, before Drizzle reads it. */
function parsed(column: Column, text: string): unknown {
  if (column.dataType === 'number') return Number(text);
  return column.dataType === 'boolean' ? text === 'true' : text;
}

/** An SQLSTATE of the class that PostgreSQL leaves to users. */
const STORED = 'ZZ001';

// Sent as bytes, because a NUL would end the whole statement. A missing owner (23503) is ignored: the column accepted the number.
const JUDGE = `
create function pg_temp.judge(table_name text, column_name text, type_name text, sent text[])
returns table (code text, stored text) language plpgsql as $judge$
declare
  owner int;
  value text;
  others text := case table_name when 'user' then 'email hashed_password' else 'title user_id' end;
  names text[] := array[column_name];
  fillers text[] := array[format('$1::%s', type_name)];
  statement text;
begin
  if table_name = 'todo' then
    insert into "user" (email, hashed_password) values ('judge@example.com', 'h') returning id into owner;
  end if;
  for value in select other from unnest(string_to_array(others, ' ')) other where other <> column_name loop
    names := names || value;
    fillers := fillers || case value when 'user_id' then owner::text else quote_literal('filler') end;
  end loop;
  statement := format('insert into %I (%s) values (%s) returning %I::text', table_name,
    array_to_string(names, ', '), array_to_string(fillers, ', '), column_name);
  foreach value in array sent loop
    stored := null;
    code := null;
    if value is not null then
      begin
        execute statement using convert_from(decode(value, 'hex'), 'UTF8') into stored;
        set constraints all immediate;
        raise sqlstate '${STORED}';
      exception when others then
        code := case when sqlstate = '23503' then '${STORED}' else sqlstate end;
        stored := case when sqlstate = '23503' then convert_from(decode(value, 'hex'), 'UTF8') else stored end;
      end;
    end if;
    return next;
  end loop;
  delete from "user" where id = owner;
end
$judge$`;
