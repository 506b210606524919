/** A schema as plain data, which two branches change independently. */
import {
  type ExtraConfigColumn,
  index,
  integer,
  type PgEnum,
  pgEnum,
  pgTable,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

import type { DatabaseDefinition } from '../../src/index.ts';

export interface Column {
  readonly type: 'text' | 'integer' | 'mood';
  readonly default?: string;
}

export interface Index {
  readonly column: string;
  readonly isUnique: boolean;
}

export interface Table {
  readonly columns: Readonly<Record<string, Column>>;
  readonly indexes: Readonly<Record<string, Index>>;
}

export interface Model {
  readonly tables: Readonly<Record<string, Table>>;
  /** The labels of the only enum. */
  readonly moods: readonly string[];
}

/** The schema before the branches diverge. */
export const origin: Model = {
  tables: {
    note: { columns: { body: { type: 'text' }, place: { type: 'integer' } }, indexes: {} },
    task: { columns: { title: { type: 'text' }, mood: { type: 'mood' } }, indexes: {} },
  },
  moods: ['good', 'bad'],
};

export function schemaOf({ tables, moods }: Model): DatabaseDefinition['schema'] {
  const mood = pgEnum<string, [string, ...string[]]>('mood', moods as [string, ...string[]]);
  const made = Object.entries(tables).map(([name, table]) => [name, tableOf(name, table, mood)] as const);
  return { mood, ...Object.fromEntries(made) };
}

type Mood = PgEnum<[string, ...string[]]>;

function tableOf(name: string, { columns, indexes }: Table, mood: Mood) {
  const builders = Object.fromEntries(
    Object.entries(columns).map(([key, column]) => [key, columnOf(key, column, mood)]),
  );
  return pgTable(name, { id: integer('id').primaryKey(), ...builders }, (self) =>
    Object.entries(indexes).flatMap(([indexName, { column, isUnique }]) => {
      const indexed = (self as Readonly<Record<string, ExtraConfigColumn>>)[column];
      return indexed === undefined ? [] : [(isUnique ? uniqueIndex : index)(indexName).on(indexed)];
    }),
  );
}

function columnOf(name: string, { type, default: value }: Column, mood: Mood) {
  switch (type) {
    case 'integer':
      return value === undefined ? integer(name) : integer(name).default(Number(value));
    case 'text':
      return value === undefined ? text(name) : text(name).default(value);
    case 'mood':
      return mood(name);
    default:
      return type satisfies never;
  }
}
