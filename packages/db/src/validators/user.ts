/** Validators for writing to and reading from `user`. The server sets the id and the times. */
import { validatorsOf, type z } from '@todo/client/validators';

import { user } from '../schema/user.ts';
import { emailSchema } from './email.ts';

const { insert, update, select } = validatorsOf(user, { email: emailSchema });

/** A new user. The output has the normalized email address. */
export const insertUserSchema = insert;

/** Changes to a user: at least one column. */
export const updateUserSchema = update;

/** A stored user, from a query or from its JSON. The email address is not checked and not changed. */
export const selectUserSchema = select;

/** A user without secrets. A row with a `hashedPassword` is refused, not stripped, because the hash should not be in this row. */
export const publicUserSchema = selectUserSchema.omit({ hashedPassword: true });

export type NewUser = z.infer<typeof insertUserSchema>;
export type UserPatch = z.infer<typeof updateUserSchema>;
export type User = z.infer<typeof selectUserSchema>;
export type PublicUser = z.infer<typeof publicUserSchema>;
