/** Changes of the fixture's database: the difference that each makes, and the statements that undo it. */

export interface Mutation {
  readonly sql: string[];
  readonly finds: string[];
  /** Statements that undo the change, if `reconcile` returns none. */
  readonly undo?: string[];
}

// Written by hand, differently from the migrations: the resulting catalog must be equal, not the SQL.
export const taskByHand = [
  `drop table task`,
  `create table public.task (
     id serial, title varchar(200) not null, description text, is_done bool not null default 'f', group_id int4 not null,
     created_at timestamptz not null default now(), updated_at timestamptz not null default current_timestamp,
     constraint task_pkey primary key (id))`,
  `alter table task alter updated_at set default now()`,
  `create index idx_task_group_id on task (group_id asc nulls last)`,
  `alter table task add constraint task_group_id_fkey foreign key (group_id) references "group" on delete cascade`,
];
const emailIndex = (definition: string): string[] => [
  `drop index idx_group_email_unique`,
  `create ${definition.replace('index', 'index idx_group_email_unique')}`,
];
const taskIndex = (rest: string): string[] => [
  `drop index idx_task_group_id`,
  `create index idx_task_group_id on task ${rest}`,
];
const foreignKey = (rest: string): string[] => [
  `alter table task drop constraint task_group_id_fkey`,
  `alter table task add constraint task_group_id_fkey foreign key (group_id) references "group" (id) ${rest}`,
];

export const mutations: Record<string, Mutation> = {
  'a missing table, without a line for what belonged to it': {
    sql: [`alter table task set schema aside`],
    finds: [
      'object foreign key aside.task task_group_id_fkey: not wanted, is foreign key',
      'table task: missing, wanted table',
    ],
    undo: [`alter table aside.task set schema public`],
  },
  'a table too many, without a line for what belongs to it': {
    sql: [`create table stray (id serial primary key, group_id integer unique references "group" (id))`],
    finds: ['table stray: not wanted, is table'],
    undo: [`drop table stray`],
  },
  "a view in a table's place": {
    sql: [`alter table task set schema aside`, `create view task as select * from aside.task`],
    finds: [
      'object foreign key aside.task task_group_id_fkey: not wanted, is foreign key',
      'table task: kind is view, wanted table',
    ],
    undo: [`drop view task`, `alter table aside.task set schema public`],
  },
  'an unlogged table': {
    sql: [`alter table task set unlogged`],
    finds: ['table task: persistence is unlogged, wanted permanent'],
  },
  'a table that inherits': {
    sql: [`create table aside.parent ()`, `alter table task inherit aside.parent`],
    finds: ['table task: inherits is aside.parent, wanted none'],
    undo: [`alter table task no inherit aside.parent`, `drop table aside.parent`],
  },
  'storage options': {
    sql: [`alter table task set (fillfactor = 70, autovacuum_enabled = false)`],
    finds: ['table task: options is autovacuum_enabled=false, fillfactor=70, wanted none'],
    undo: [`alter table task reset (fillfactor, autovacuum_enabled)`],
  },
  'another replica identity': {
    sql: [`alter table task replica identity full`],
    finds: ['table task: replica identity is full, wanted default'],
    undo: [`alter table task replica identity default`],
  },

  'a missing column': {
    sql: [`alter table task drop column updated_at`],
    finds: ['column task.updated_at: missing, wanted timestamp with time zone DEFAULT now() NOT NULL'],
  },
  'a column too many': {
    sql: [`alter table task add column due_at date`],
    finds: ['column task.due_at: not wanted, is date'],
    undo: [`alter table task drop column due_at`],
  },
  'a type of another length': {
    sql: [`alter table task alter column title type varchar(100)`],
    finds: ['column task.title: type is character varying(100), wanted character varying(200)'],
  },
  'another collation': {
    sql: [`alter table task alter column title type varchar(200) collate "C"`],
    finds: [`column task.title: collation is "C", wanted default`],
  },
  'a column that takes NULL': {
    sql: [`alter table task alter column title drop not null`],
    finds: ['column task.title: nullability is null, wanted not null'],
  },
  'a column that takes NULL no longer': {
    sql: [`alter table task alter column description set not null`],
    finds: ['column task.description: nullability is not null, wanted null'],
  },
  'NOT NULL that was never validated': {
    sql: [
      `alter table task alter column title drop not null`,
      `alter table task add constraint n not null title not valid`,
    ],
    finds: ['column task.title: validity is not valid, wanted valid'],
    undo: [`alter table task validate constraint n`],
  },
  'another default': {
    sql: [`alter table task alter column is_done set default true`],
    finds: ['column task.is_done: default is true, wanted false'],
  },
  'a default that is gone': {
    sql: [`alter table task alter column created_at drop default`],
    finds: ['column task.created_at: default is none, wanted now()'],
  },
  'a default too many': {
    sql: [`alter table task alter column description set default 'none'`],
    finds: ["column task.description: default is 'none'::text, wanted none"],
  },
  'an identity': {
    sql: [`alter table task alter column group_id add generated always as identity`],
    finds: [
      'column task.group_id: identity is ALWAYS, wanted none',
      'sequence task.task_group_id_seq: not wanted, is integer',
    ],
    undo: [`alter table task alter column group_id drop identity`],
  },
  'a generated column, which stands at the end': {
    sql: [
      `alter table task drop column description`,
      `alter table task add column description text generated always as (upper(title)) stored`,
    ],
    finds: [
      'table task: column order is id, title, is_done, group_id, created_at, updated_at, description,' +
        ' wanted id, title, description, is_done, group_id, created_at, updated_at',
      'column task.description: generated is (upper((title)::text)) STORED, wanted none',
    ],
    undo: taskByHand,
  },
  'another order of columns': {
    sql: [`alter table task drop column description`, `alter table task add column description text`],
    finds: [
      'table task: column order is id, title, is_done, group_id, created_at, updated_at, description,' +
        ' wanted id, title, description, is_done, group_id, created_at, updated_at',
    ],
    undo: taskByHand,
  },

  'a missing index': {
    sql: [`drop index idx_task_group_id`],
    finds: [
      'index task.idx_task_group_id: missing, wanted CREATE INDEX idx_task_group_id ON public.task USING btree (group_id)',
    ],
  },
  'an index too many': {
    sql: [`create index twin on task (group_id)`],
    finds: ['index task.twin: not wanted, is CREATE INDEX twin ON public.task USING btree (group_id)'],
  },
  'an index by another name': {
    sql: [`alter index idx_task_group_id rename to task_group_id_idx`],
    finds: ['index task.idx_task_group_id: is named task_group_id_idx'],
  },
  'an index that is not unique': {
    sql: emailIndex(`index on "group" (email)`),
    finds: ['index group.idx_group_email_unique: unique is not unique, wanted unique'],
  },
  'an index of another method': {
    sql: taskIndex(`using hash (group_id)`),
    finds: ['index task.idx_task_group_id: method is hash, wanted btree'],
  },
  'an index over another column': {
    sql: taskIndex(`(id)`),
    finds: ['index task.idx_task_group_id: keys is id, wanted group_id'],
  },
  'an index over an expression': {
    sql: emailIndex(`unique index on "group" (lower(email))`),
    finds: ['index group.idx_group_email_unique: keys is lower((email)::text), wanted email'],
  },
  'an index in another order': {
    sql: taskIndex(`(group_id desc nulls last)`),
    finds: ['index task.idx_task_group_id: keys is group_id DESC NULLS LAST, wanted group_id'],
  },
  'an index with another operator class': {
    sql: emailIndex(`unique index on "group" (email varchar_pattern_ops)`),
    finds: ['index group.idx_group_email_unique: keys is email varchar_pattern_ops, wanted email'],
  },
  'an index with another collation': {
    sql: emailIndex(`unique index on "group" (email collate "C")`),
    finds: [`index group.idx_group_email_unique: keys is email COLLATE "C", wanted email`],
  },
  'an index that includes a column': {
    sql: taskIndex(`(group_id) include (title)`),
    finds: ['index task.idx_task_group_id: include is title, wanted none'],
  },
  'an index to which NULLs are equal': {
    sql: emailIndex(`unique index on "group" (email) nulls not distinct`),
    finds: ['index group.idx_group_email_unique: nulls is not distinct, wanted distinct'],
  },
  'a partial index': {
    sql: taskIndex(`(group_id) where not is_done`),
    finds: ['index task.idx_task_group_id: predicate is (NOT is_done), wanted none'],
  },
  'an index with storage options': {
    sql: taskIndex(`(group_id) with (fillfactor = 50)`),
    finds: ['index task.idx_task_group_id: options is fillfactor=50, wanted none'],
  },

  'a missing primary key': {
    sql: [`alter table task drop constraint task_pkey`],
    finds: ['constraint task.task_pkey: missing, wanted PRIMARY KEY (id)'],
  },
  'a missing foreign key': {
    sql: [`alter table task drop constraint task_group_id_fkey`],
    finds: [
      'constraint task.task_group_id_fkey: missing,' +
        ` wanted FOREIGN KEY (group_id) REFERENCES public."group"(id) ON DELETE CASCADE`,
    ],
  },
  'a constraint by another name': {
    sql: [`alter table task rename constraint task_group_id_fkey to "task_groupId_fkey"`],
    finds: ['constraint task.task_group_id_fkey: is named task_groupId_fkey'],
  },
  'a foreign key with another action': {
    sql: foreignKey(`on delete restrict`),
    finds: [
      `constraint task.task_group_id_fkey: terms is FOREIGN KEY (group_id) REFERENCES public."group"(id) ON DELETE RESTRICT,` +
        ` wanted FOREIGN KEY (group_id) REFERENCES public."group"(id) ON DELETE CASCADE`,
    ],
  },
  'a foreign key that was never validated': {
    sql: foreignKey(`on delete cascade not valid`),
    finds: ['constraint task.task_group_id_fkey: validity is not valid, wanted valid'],
  },
  'a foreign key that is not enforced': {
    sql: foreignKey(`on delete cascade not enforced`),
    finds: ['constraint task.task_group_id_fkey: validity is not enforced, wanted valid'],
  },
  'a foreign key that can be deferred': {
    sql: foreignKey(`on delete cascade deferrable`),
    finds: ['constraint task.task_group_id_fkey: deferrable is initially immediate, wanted not deferrable'],
  },
  'a foreign key that is deferred, and not validated': {
    sql: foreignKey(`on delete cascade deferrable initially deferred not valid`),
    finds: [
      'constraint task.task_group_id_fkey: deferrable is initially deferred, wanted not deferrable',
      'constraint task.task_group_id_fkey: validity is not valid, wanted valid',
    ],
    undo: foreignKey(`on delete cascade`),
  },
  'a check too many': {
    sql: [`alter table task add constraint short check (length(title) < 10) no inherit not valid`],
    finds: ['constraint task.short: not wanted, is CHECK ((length((title)::text) < 10)) NO INHERIT NOT VALID'],
  },
  'a unique constraint, and no index of its own beside it': {
    sql: [`alter table task add constraint one_title unique (title)`],
    finds: ['constraint task.one_title: not wanted, is UNIQUE (title)'],
  },
  'an exclusion': {
    sql: [`alter table task add constraint apart exclude (title with =)`],
    finds: ['constraint task.apart: not wanted, is EXCLUDE USING btree (title WITH =)'],
  },

  'a sequence of another type': {
    sql: [`alter sequence task_id_seq as bigint`],
    finds: ['sequence task.task_id_seq: type is bigint, wanted integer'],
  },
  'a sequence that starts elsewhere': {
    sql: [`alter sequence task_id_seq start 100`],
    finds: ['sequence task.task_id_seq: start is 100, wanted 1'],
  },
  'a sequence with another step': {
    sql: [`alter sequence task_id_seq increment 2`],
    finds: ['sequence task.task_id_seq: increment is 2, wanted 1'],
  },
  'a sequence with another lower limit': {
    sql: [`alter sequence task_id_seq minvalue -5`],
    finds: ['sequence task.task_id_seq: minimum is -5, wanted 1'],
  },
  'a sequence with another upper limit': {
    sql: [`alter sequence task_id_seq maxvalue 1000`],
    finds: ['sequence task.task_id_seq: maximum is 1000, wanted of its type'],
  },
  'a sequence with a cache': {
    sql: [`alter sequence task_id_seq cache 10`],
    finds: ['sequence task.task_id_seq: cache is 10, wanted 1'],
  },
  'a sequence that begins again': {
    sql: [`alter sequence task_id_seq cycle`],
    finds: ['sequence task.task_id_seq: cycle is cycle, wanted no cycle'],
  },
  'a sequence that no column owns': {
    sql: [`alter sequence task_id_seq owned by none`],
    finds: ['sequence task.task_id_seq: owning column is none, wanted task.id'],
  },
  'a sequence that is gone, with the default that used it': {
    sql: [`drop sequence task_id_seq cascade`],
    finds: [
      "column task.id: default is none, wanted nextval('public.task_id_seq'::regclass)",
      'sequence task.task_id_seq: missing, wanted integer',
    ],
    undo: taskByHand,
  },
  "a sequence of nobody's": {
    sql: [`create sequence ticket`],
    finds: ['sequence ticket: not wanted, is bigint'],
    undo: [`drop sequence ticket`],
  },
};
