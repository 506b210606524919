/** PostgreSQL's verdict on thousands of values of one column in one statement, each serialized as the driver would. */
import { getTableColumns } from 'drizzle-orm';

import { connectHttp, connectSession } from '../../src/index.ts';
import { type Kind, kinds } from './kinds.ts';

export interface Stored {
  /** The value that a Drizzle query over HTTP returns. */
  readonly stored: unknown;
  /** Whether PostgreSQL finds the stored value equal to the value without the column's limits. True for types without equality. */
  readonly isSame: boolean;
}

/** The SQLSTATE of the failed insert, or JavaScript's error if nothing was sent. */
export interface Refused {
  readonly refused: string;
}

export type Verdict = Stored | Refused;

export interface Judge extends AsyncDisposable {
  judge(kind: Kind, values: readonly unknown[]): Promise<Verdict[]>;
}

export async function openJudge(url: string): Promise<Judge> {
  const session = await connectSession(url);
  const http = connectHttp({ schema: { kinds } }, url);
  await session.query(JUDGE);
  return {
    judge: async (kind, values) => {
      const column = getTableColumns(kinds)[kind];
      const sent = values.map((value) => textOf(kind, value));
      const bytes = sent.map((text) => (typeof text === 'string' ? Buffer.from(text).toString('hex') : null));
      const { rows } = await session.query('select code, is_same from judge($1, $2)', [column.name, bytes]);
      const read = await http.select({ id: kinds.id, value: column }).from(kinds);
      const stored = new Map(read.map(({ id, value }) => [id, value]));
      return rows.map(({ code, is_same: isSame }, index): Verdict => {
        const text = sent[index];
        if (typeof text !== 'string') return { refused: text?.refused ?? 'not sent' };
        if (typeof code === 'string') return { refused: code };
        return { stored: stored.get(index + 1), isSame: isSame !== false };
      });
    },
    [Symbol.asyncDispose]: () => session.close(),
  };
}

/** The text of a parameter. The protocol sends every type as text. */
function textOf(kind: Kind, value: unknown): string | Refused | undefined {
  try {
    const parameter: unknown = getTableColumns(kinds)[kind].mapToDriverValue(value);
    return parameter === undefined ? undefined : (parameter as string | number | bigint | boolean).toString();
  } catch (error) {
    return { refused: String(error) };
  }
}

// Casts to the type without its length, as for a parameter. Sent as bytes, because a NUL would end the whole statement.
const JUDGE = `
create or replace function judge(column_name text, sent text[]) returns table (code text, is_same boolean)
language plpgsql as $judge$
declare
  value text;
  place int := 0;
  type_name text;
  equality text;
begin
  select format_type(atttypid, -1),
    case when atttypid::regtype::text ~ '^(json|point|line)' then 'null' else format('%I is not distinct from $2::%s', attname, format_type(atttypid, -1)) end
    into type_name, equality
    from pg_attribute where attrelid = 'kinds'::regclass and attname = column_name;
  delete from kinds;
  foreach value in array sent loop
    place := place + 1;
    code := null;
    is_same := null;
    if value is not null then
      begin
        execute format('insert into kinds (id, %I) values ($1, $2::%s) returning %s', column_name, type_name, equality)
          using place, convert_from(decode(value, 'hex'), 'UTF8') into is_same;
      exception when others then
        code := sqlstate;
      end;
    end if;
    return next;
  end loop;
end
$judge$`;
