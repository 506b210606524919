/** What may be written into and read from `user`. The id and the times belong to the server. */
import { CHANGES_NOTHING, changesSomething, storable, timeSchema, wholeNumber, type z } from '@todo/client/validators';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';

import { user } from '../schema/user.ts';
import { emailSchema } from './email.ts';

const columns = { email: emailSchema, hashedPassword: storable };
const ofTheServer = { id: true, createdAt: true, updatedAt: true } as const;

/** A new user. The email address comes out normalised. */
export const insertUserSchema = createInsertSchema(user, columns).omit(ofTheServer).strict();

/** Changes to a user: at least one. */
export const updateUserSchema = createUpdateSchema(user, columns)
  .omit(ofTheServer)
  .strict()
  .refine(changesSomething, CHANGES_NOTHING);

/** A user as stored, from a query or from its JSON. The email address is the one that is stored, whatever it looks like. */
export const selectUserSchema = createSelectSchema(user, {
  email: storable,
  hashedPassword: storable,
  id: wholeNumber,
  createdAt: timeSchema,
  updatedAt: timeSchema,
}).strict();

/** A user as others may see them. A row that still has its `hashedPassword` is refused, not stripped: it came too far. */
export const publicUserSchema = selectUserSchema.omit({ hashedPassword: true });

export type NewUser = z.infer<typeof insertUserSchema>;
export type UserPatch = z.infer<typeof updateUserSchema>;
export type User = z.infer<typeof selectUserSchema>;
export type PublicUser = z.infer<typeof publicUserSchema>;
