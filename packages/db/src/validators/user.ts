/** What may be written into and read from `user`. The id and the times belong to the server. */
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';

import { user } from '../schema/user.ts';
import { emailSchema } from './email.ts';
import { CHANGES_NOTHING, changesSomething } from './patch.ts';
import { storable } from './text.ts';
import { timeSchema } from './time.ts';

const written = { email: emailSchema, hashedPassword: storable };
const ofTheServer = { id: true, createdAt: true, updatedAt: true } as const;

/** A new user. The email address comes out normalised. */
export const insertUserSchema = createInsertSchema(user, written).omit(ofTheServer).strict();

/** Changes to a user: at least one. */
export const updateUserSchema = createUpdateSchema(user, written)
  .omit(ofTheServer)
  .strict()
  .refine(changesSomething, CHANGES_NOTHING);

/** A user as stored, from a query or from its JSON. */
export const selectUserSchema = createSelectSchema(user, { createdAt: timeSchema, updatedAt: timeSchema }).strict();
