/** Sabotages of the library's database: the check that finds each, the statements, and the state that the check reports. */
const trigger = (table: string, when: string, body: string): string[] => [
  `create function poison() returns trigger language plpgsql as $$ begin ${body}; return new; end $$`,
  `create trigger poison ${when} on ${table} for each row execute function poison()`,
];

export type LibrarySabotage = readonly [id: string, sql: readonly string[], have: string | RegExp];

export const LIBRARY_SABOTAGES: readonly LibrarySabotage[] = [
  ['behave/row', ['drop table audit.event'], 'Could not insert a row into audit.event: the table does not exist'],
  ['behave/row', ['alter table shelf add check (false)'], /^Could not insert a row into shelf: /],
  ['behave/not-null', ['alter table audit.event alter note drop not null'], 'null in audit.event.note is accepted'],
  [
    'behave/lengths',
    ['alter table audit.event alter note type varchar(41)'],
    '41 characters of one byte in audit.event.note are accepted',
  ],
  [
    'behave/lengths',
    ['alter table author alter name type varchar(79)'],
    /^80 characters of one byte in author.name are refused with 22001/,
  ],
  [
    'behave/insert-defaults',
    [`alter table book alter genre set default 'drama'`],
    'an insert without book.genre gives another value',
  ],
  [
    'behave/insert-defaults',
    [`alter table book alter price set default 9.91`],
    'an insert without book.price gives another value',
  ],
  [
    'behave/insert-defaults',
    [`alter table audit.event alter at set default now() - interval '1 s'`],
    'an insert without audit.event.at gives another value',
  ],
  [
    'behave/insert-defaults',
    [`alter table copy alter id drop default`],
    /^an insert without copy.id is refused with 23502/,
  ],
  [
    'behave/insert-defaults',
    [
      'alter table book drop short_title',
      'alter table book add short_title text generated always as (left(title, 2)) stored',
    ],
    'an insert without book.short_title gives another value',
  ],
  ['behave/unique', ['drop index book_title_index'], 'a second row of book with the same book_title_index is accepted'],
  [
    'behave/unique',
    ['alter table author drop constraint author_name_unique'],
    'a second row of author with the same name is accepted',
  ],
  [
    'behave/unique',
    ['alter table written_by drop constraint written_by_isbn_author_id_pk'],
    'a second row of written_by with the same isbn, author_id is accepted',
  ],
  [
    'behave/unique',
    ['alter index copy_number_index rename to number_index'],
    /copy with the same isbn, number is refused with 23505 by number_index/,
  ],
  [
    'behave/fk-reject',
    ['alter table audit.event drop constraint event_copy_id_copy_id_fk'],
    'a row of audit.event that refers to no copy is accepted',
  ],
  [
    'behave/fk-reject',
    ['alter table copy alter constraint copy_isbn_fkey deferrable initially deferred'],
    'a row of copy that refers to no book is accepted',
  ],
  [
    'behave/cascade',
    [
      'alter table copy drop constraint copy_isbn_fkey',
      'alter table copy add constraint copy_isbn_fkey foreign key (isbn) references book (isbn) on delete cascade',
    ],
    'deleting a row of book: its child in copy is deleted, the child of the other parent stays as it is',
  ],
  [
    'behave/cascade',
    [
      'alter table shelf drop constraint shelf_within_fkey',
      'alter table shelf add constraint shelf_within_fkey foreign key (within) references shelf (id)',
    ],
    'deleting a row of shelf to which shelf refers is refused with 23503 by shelf_within_fkey',
  ],
  [
    'behave/cascade',
    [
      `create function poison() returns trigger language plpgsql as $$ begin delete from audit.event; return old; end $$`,
      'create trigger poison after delete on copy for each row execute function poison()',
    ],
    'deleting a row of copy: its child in audit.event is deleted, the child of the other parent is deleted',
  ],
  [
    'behave/updated-at',
    trigger('book', 'before update', 'new.updated_at := old.updated_at'),
    /^book.updated_at is 2001-02-03/,
  ],
  [
    'behave/updated-at',
    trigger('audit.event', 'before update', 'new.at := now()'),
    /^audit.event.at is .* after an update$/,
  ],
  [
    'behave/roundtrip',
    trigger('audit.event', 'before insert', 'new.note := btrim(new.note)'),
    /^audit.event.note: " \\t\\r\\n';.* comes back as /,
  ],
  [
    'behave/roundtrip',
    trigger('book', 'before insert', `new.tags := new.tags || 'x'::text`),
    'book.tags, read and written again by Drizzle, has another value',
  ],
  [
    'behave/crud',
    [
      'create function poison() returns trigger language plpgsql as $$ begin return null; end $$',
      'create trigger poison before delete on author for each row execute function poison()',
    ],
    'a row of author over WebSocket: the row still exists after the delete',
  ],
  [
    'behave/error-mapping',
    ['drop index copy_number_index'],
    'a second row of copy with the same isbn, number: accepted',
  ],
  [
    'data/orphans',
    [
      'alter table audit.event drop constraint event_copy_id_copy_id_fk',
      `insert into audit.event (copy_id, note) values (gen_random_uuid(), 'x')`,
    ],
    'rows of audit.event whose parent row in copy does not exist, such as 1',
  ],
  [
    'data/sequence',
    [...['a', 'b'].map((name) => `insert into author (name) values ('${name}')`), `select setval('author_id_seq', 1)`],
    'the next author.id is 2, and 2 is taken',
  ],
  [
    'data/sequence',
    [`insert into shelf (id, label) overriding system value values (7, 'x')`],
    'the next shelf.id is 1, and 7 is taken',
  ],
  [
    'data/validator-rows',
    ['alter table author alter name type text', `insert into author (name) values (repeat('x', 81))`],
    /^author 1: name: /,
  ],
  [
    'data/validator-rows',
    [`insert into book (isbn, title, updated_at) values ('1', 'x', '1999-01-01')`],
    'book (one row): updated_at before created_at',
  ],
  [
    'validate/agreement',
    ['alter table audit.event alter note type varchar(20)'],
    /^audit.event.note: the validator accepts .* but the insert is refused with 22001/,
  ],
  [
    'perf/fk-index',
    ['drop index audit.event_copy_index'],
    'no index of audit.event begins with copy_id, the columns of event_copy_id_copy_id_fk',
  ],
  ['perf/index-used', ['drop index audit.event_copy_index'], 'a lookup of audit.event by copy_id uses no index'],
  ['perf/index-used', ['drop index copy_number_index'], 'a lookup of copy by isbn, number uses no index'],
  ['connect/search-path', ['create schema aside', 'create table aside.book ()'], 'there is also aside.book'],
  ['schema/table-missing', ['drop schema audit cascade'], 'no schema audit'],
  ['schema/column-type', ['alter table audit.event alter note type text'], 'column audit.event.note: type text'],
  ['schema/enum', [`alter type genre add value 'essay'`], /^type genre: labels /],
  ['schema/enum', [`alter type genre rename value 'drama' to 'play'`], /^type genre: labels /],
  ['schema/view', ['create or replace view lent_book as select isbn, title from book'], /^view lent_book: definition /],
  ['schema/view', ['drop view lent_book'], 'no table lent_book'],
  [
    'schema/function',
    [`create or replace function shelves() returns bigint language sql as 'select 0::bigint'`],
    /^function shelves\(\): definition /,
  ],
  ['schema/function', ['drop function shelves'], 'no function shelves()'],
  ['schema/rls', ['alter table book disable row level security'], 'row security of book: state disabled'],
  ['schema/rls', ['alter policy book_readers on book using (true)'], /^policy book.book_readers: using /],
  ['schema/trigger-rule', trigger('audit.event', 'before update', 'new.at := now()'), /^trigger audit.event.poison/],
  [
    'schema/privileges',
    ['grant select on audit.event to public'],
    'rights of other roles on table audit.event: PUBLIC SELECT',
  ],
  ['schema/extra-object', [`create type mood as enum ('glad')`], /^type mood/],
];
