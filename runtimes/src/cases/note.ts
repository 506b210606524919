/** The table of the cases. */
import { pgTable, serial, text } from 'drizzle-orm/pg-core';

export const note = pgTable('note', { id: serial().primaryKey(), name: text().notNull().unique() });

export const CREATE_NOTE = 'create table note (id serial primary key, name text not null unique)';

/** The schema for the clients. */
export const app = { schema: { note } };

/** A name that no other case has. */
export function newName(): string {
  return crypto.randomUUID();
}
