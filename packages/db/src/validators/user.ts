/** What may be written into and read from `user`. The id and the times belong to the server. */
import { validatorsOf, type z } from '@todo/client/validators';

import { user } from '../schema/user.ts';
import { emailSchema } from './email.ts';

const { insert, update, select } = validatorsOf(user, { email: emailSchema });

/** A new user. The email address comes out normalised. */
export const insertUserSchema = insert;

/** Changes to a user: at least one. */
export const updateUserSchema = update;

/** A user as stored, from a query or from its JSON. The email address is the one that is stored, whatever it looks like. */
export const selectUserSchema = select;

/** A user as others may see them. A row that still has its `hashedPassword` is refused, not stripped: it came too far. */
export const publicUserSchema = selectUserSchema.omit({ hashedPassword: true });

export type NewUser = z.infer<typeof insertUserSchema>;
export type UserPatch = z.infer<typeof updateUserSchema>;
export type User = z.infer<typeof selectUserSchema>;
export type PublicUser = z.infer<typeof publicUserSchema>;
